package dev.reactorhub.app;

import dev.reactorhub.cli.Cli;
import dev.reactorhub.config.HubConfig;
import dev.reactorhub.config.LoggingSettings;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Locale;

/** The process: runs the command line, and for {@code hub run} a hub until it is asked to end. */
public final class Main {
  private static final System.Logger LOGGER = System.getLogger(Main.class.getName());

  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    Logging.begin();
    System.exit(Cli.execute(args, Main::run, new OfflineLog(Clock.systemUTC())));
  }

  private static int run(HubConfig config, PrintWriter out) throws InterruptedException {
    Logging.apply(config.logging());
    boolean isJson = config.logging().format() == LoggingSettings.Format.JSON;
    StopRequest stop = StopRequest.listening();
    HubServer hub;
    try {
      hub = HubServer.start(config);
    } catch (RuntimeException e) {
      if (!isJson) {
        throw e; // The command line tells it.
      }
      LOGGER.log(System.Logger.Level.ERROR, "not_started reason=" + e.getMessage(), e);
      return Cli.exitCode(e);
    }
    stop.started(hub);
    String host = config.server().host();
    if (!isLoopback(host)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "open_to_the_network host="
              + host
              + " reason=there are no accounts: whoever reaches the ports may publish and read");
    }
    if (isJson) {
      LOGGER.log(System.Logger.Level.INFO, ready(hub, host));
    } else {
      printReady(hub, host, out);
    }
    stop.await();
    hub.close();
    // A hub that was asked to end and did so in order has not failed.
    return 0;
  }

  private static String ready(HubServer hub, String host) {
    return String.format(
        Locale.ROOT,
        "ready version=%s host=%s port=%d grpc_port=%d log=%s",
        HubServer.version(),
        host,
        hub.port(),
        hub.grpcPort(),
        hub.logDescription());
  }

  private static void printReady(HubServer hub, String host, PrintWriter out) {
    out.println("Reactor Hub " + HubServer.version() + " is ready");
    out.println("  live page  http://" + host + ":" + hub.port() + "/");
    out.println("  gRPC       " + host + ":" + hub.grpcPort());
    out.println("  log        " + hub.logDescription());
    out.flush();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
