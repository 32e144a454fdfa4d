/**
 * Publishers and subscribers on every face that go on while the hub under them is killed and comes
 * back, and write down what they see. Test support. Open {@link dev.reactorhub.workload.Workload}
 * first.
 */
@NullMarked
package dev.reactorhub.workload;

import org.jspecify.annotations.NullMarked;
