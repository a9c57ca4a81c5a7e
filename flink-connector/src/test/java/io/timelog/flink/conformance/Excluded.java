package io.timelog.flink.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leaves a test of one of Flink's suites out, where it cannot be overridden. */
@Target(ElementType.TYPE)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Excluded.Condition.class)
@interface Excluded {
  /** The name of its method. */
  String test();

  /** Why it says nothing about this backend. */
  String because();

  /** Disables the test. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Excluded excluded = context.getRequiredTestClass().getAnnotation(Excluded.class);
      return excluded != null
              && context
                  .getTestMethod()
                  .filter(method -> method.getName().equals(excluded.test()))
                  .isPresent()
          ? ConditionEvaluationResult.disabled(excluded.because())
          : ConditionEvaluationResult.enabled("not excluded");
    }
  }
}
