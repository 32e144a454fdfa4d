package dev.reactorhub.app;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * SIGTERM, SIGINT (Ctrl-C) and SIGHUP, each time one comes.
 *
 * <p>A shutdown hook would not do: it hears of the first signal only, and the process then ends
 * with 143 whatever the hook did. {@code sun.misc.Signal}, of the module jdk.unsupported, is the
 * JDK's only way to a second one; javac warns of its mention, so it is looked up.
 */
final class StopSignals {
  private static final System.Logger LOGGER = System.getLogger(StopSignals.class.getName());
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

  private StopSignals() {}

  /**
   * Runs this at each signal, on a thread of the JVM, instead of ending the process.
   *
   * @return false when this Java runtime has no way to it: the signals end the process
   */
  static boolean listen(Runnable asked) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.publicLookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(asked);
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      for (String name : NAMES) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, one, handling);
      }
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOGGER.log(Level.WARNING, "signals_not_handled reason=\"" + e + '"');
      return false;
    }
  }
}
