package dev.reactorhub.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the hub is, and how a client shows who it is and hears how it stands. */
record Endpoints(
    List<String> addresses,
    @Nullable Tls tls,
    @Nullable TokenSupplier tokens,
    @Nullable ConnectionListener listener) {

  Endpoints {
    addresses = List.copyOf(addresses);
    if (Set.copyOf(addresses).size() < addresses.size()) {
      throw new IllegalArgumentException("endpoints are " + addresses + ": one is named twice");
    }
    if (tokens != null && tls == null) {
      for (String address : addresses) {
        if (!isOnThisMachine(address)) {
          throw new IllegalArgumentException(
              "credentials would travel readable to " + address + ": set tls as well");
        }
      }
    }
  }

  static String requireAddress(String endpoint) {
    URI uri = parse(endpoint);
    if (uri.getHost() == null
        || uri.getPort() <= 0
        || uri.getUserInfo() != null
        || !endpoint.equals(uri.getRawAuthority())) {
      throw notAnEndpoint(endpoint, null);
    }
    return endpoint;
  }

  private static URI parse(String endpoint) {
    try {
      return new URI("hub://" + endpoint).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw notAnEndpoint(endpoint, e);
    }
  }

  /** Whether nobody else can read what goes there. Names are not looked up, but for one. */
  private static boolean isOnThisMachine(String endpoint) {
    String host = parse(endpoint).getHost();
    if (host.equals("localhost")) {
      return true;
    }
    boolean isNumeric = host.startsWith("[") || host.matches("[0-9.]+");
    try {
      return isNumeric && InetAddress.getByName(host).isLoopbackAddress();
    } catch (java.net.UnknownHostException e) {
      return false;
    }
  }

  private static IllegalArgumentException notAnEndpoint(
      String endpoint, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "endpoint is \"" + endpoint + "\": must be host:port, for example 127.0.0.1:9090", cause);
  }
}
