package dev.reactorhub.app;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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
   * @return false when this Java runtime has no way to it: signals end the process
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
      Constructor<?> named = signal.getConstructor(String.class);
      Method handle = signal.getMethod("handle", signal, handler);
      boolean isHeard = false;
      for (String name : NAMES) {
        try {
          handle.invoke(null, named.newInstance(name), handling);
          isHeard = true;
        } catch (InvocationTargetException e) {
          // Not every system has each of them, and a JVM may be told to leave them alone (-Xrs).
          LOGGER.log(Level.DEBUG, "signal_not_handled name=" + name, e);
        }
      }
      return isHeard;
    } catch (ReflectiveOperationException e) {
      LOGGER.log(Level.WARNING, "signals_not_handled reason=\"" + e + '"');
      return false;
    }
  }
}
