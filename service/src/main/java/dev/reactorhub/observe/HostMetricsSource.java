package dev.reactorhub.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.event.EventType;
import java.util.List;
import java.util.function.Supplier;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;

/**
 * Reads the host's figures: the data of {@code system_health_check}. CPU and network are averages
 * since the last reading. One thread only.
 */
public final class HostMetricsSource implements Supplier<ObjectNode> {
  /** The type of the events. */
  public static final EventType TYPE = new EventType("system_health_check");

  private static final double NANOS_PER_SECOND = 1e9;

  private final CentralProcessor processor;
  private final GlobalMemory memory;
  private final OperatingSystem system;
  private final List<NetworkIF> networks;
  private long[] ticks;
  private long receivedBytes;
  private long sentBytes;
  private long readAtNanos;

  /** Takes the first reading, from which the next ones count. */
  public HostMetricsSource() {
    SystemInfo info = new SystemInfo();
    HardwareAbstractionLayer hardware = info.getHardware();
    this.processor = hardware.getProcessor();
    this.memory = hardware.getMemory();
    this.system = info.getOperatingSystem();
    this.networks = hardware.getNetworkIFs();
    this.ticks = processor.getSystemCpuLoadTicks();
    readNetworks();
  }

  @Override
  public ObjectNode get() {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    double usage = processor.getSystemCpuLoadBetweenTicks(ticks);
    ticks = processor.getSystemCpuLoadTicks();
    data.putObject("cpu")
        .put("usage", rounded(usage))
        .put("cores", processor.getLogicalProcessorCount());
    putUsage(
        data.putObject("memory"), memory.getTotal() - memory.getAvailable(), memory.getTotal());
    putDisk(data.putObject("disk"));
    putNetwork(data.putObject("network"));
    data.putObject("load").put("average_1m", rounded(processor.getSystemLoadAverage(1)[0]));
    return data;
  }

  /** The largest local file system. */
  private void putDisk(ObjectNode disk) {
    long total = 0;
    long used = 0;
    for (OSFileStore store : system.getFileSystem().getFileStores(true)) {
      if (store.getTotalSpace() > total) {
        total = store.getTotalSpace();
        used = total - store.getUsableSpace();
      }
    }
    putUsage(disk, used, total);
  }

  private void putNetwork(ObjectNode network) {
    long receivedBefore = receivedBytes;
    long sentBefore = sentBytes;
    long before = readAtNanos;
    readNetworks();
    double seconds = Math.max(1e-3, (readAtNanos - before) / NANOS_PER_SECOND);
    network.put(
        "received_bytes_per_second", Math.round((receivedBytes - receivedBefore) / seconds));
    network.put("sent_bytes_per_second", Math.round((sentBytes - sentBefore) / seconds));
  }

  private void readNetworks() {
    receivedBytes = 0;
    sentBytes = 0;
    for (NetworkIF network : networks) {
      network.updateAttributes();
      receivedBytes += network.getBytesRecv();
      sentBytes += network.getBytesSent();
    }
    readAtNanos = System.nanoTime();
  }

  private static void putUsage(ObjectNode node, long used, long total) {
    node.put("used_bytes", used);
    node.put("total_bytes", total);
    node.put("usage", total == 0 ? 0 : rounded((double) used / total));
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
