/** What tests of a store share. */
@NullMarked
package io.timelog.testing;

import org.jspecify.annotations.NullMarked;
