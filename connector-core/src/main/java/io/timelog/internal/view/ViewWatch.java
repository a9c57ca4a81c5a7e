package io.timelog.internal.view;

/** Is told when the entries of a view go out of sight. */
public interface ViewWatch {
  /**
   * The view is about to be replaced, and its sources are still held. Called once, under the lock
   * of the {@link CurrentView}.
   */
  void replaced();

  /**
   * The view and all older ones have been released: nobody can see any more what the next view does
   * not have. Called once, on whichever thread releases the last of them.
   */
  void unseen();
}
