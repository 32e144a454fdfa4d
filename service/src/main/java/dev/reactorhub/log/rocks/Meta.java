package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.LogSettings.Durability;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What the log knows of itself: {@code epoch}; {@code life}, how it was last opened and whether it
 * was closed ({@code <durability> open|closed <boot id>}); {@code earliest}, the seq before the
 * oldest record kept and the sizes of all records up to it (8 bytes each); {@code marks}, how far
 * channel retention has come (StoredMarks).
 */
final class Meta {
  private static final Logger LOGGER = System.getLogger(Meta.class.getName());

  /** The boot id where the system tells none: then no two boots count as the same. */
  static final String BOOT_UNKNOWN = "unknown";

  private static final byte[] EPOCH = "epoch".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LIFE = "life".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EARLIEST = "earliest".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MARKS = "marks".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  private final RocksStore store;
  private final Durability durability;
  private final String bootId;

  Meta(RocksStore store, Durability durability, String bootId) {
    this.store = store;
    this.durability = durability;
    this.bootId = bootId;
  }

  /**
   * Notes, synced, that the log is open, and gives its epoch: a new one when the log is new, or
   * when acknowledged records at its end may have been lost, whose places would be given out again.
   *
   * @param head the newest place that was found
   * @param committed what was noted of it
   */
  Epoch begin(long head, CommittedHead committed) throws RocksDBException, IOException {
    try (WriteOptions synced = new WriteOptions().setSync(true);
        WriteBatch batch = new WriteBatch()) {
      Epoch epoch = epoch(head, committed);
      batch.put(store.meta(), EPOCH, epoch.value().getBytes(StandardCharsets.US_ASCII));
      batch.put(store.meta(), LIFE, life("open"));
      store.db().write(synced, batch);
      return epoch;
    }
  }

  /** The epoch that is stored; empty when there is none, which only a damaged log lacks. */
  static Optional<Epoch> storedEpoch(RocksStore store) {
    try {
      return Optional.ofNullable(text(store.db().get(store.meta(), EPOCH))).map(Epoch::new);
    } catch (IllegalArgumentException noEpoch) {
      return Optional.empty();
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  /** Makes an empty log, synced, one of this epoch that begins after a seq. */
  void restore(Epoch epoch, long earliest) throws RocksDBException {
    try (WriteOptions synced = new WriteOptions().setSync(true);
        WriteBatch batch = new WriteBatch()) {
      batch.put(store.meta(), EPOCH, epoch.value().getBytes(StandardCharsets.US_ASCII));
      putEarliest(batch, new Earliest(earliest, 0));
      store.db().write(synced, batch);
    }
  }

  private Epoch epoch(long head, CommittedHead committed) throws RocksDBException, IOException {
    String stored = text(store.db().get(store.meta(), EPOCH));
    if (stored == null) {
      return committed.isWritten()
          ? epochAfterExchange("unknown", head)
          : Epoch.random(new SecureRandom());
    }
    if (committed.isOfAnother(new Epoch(stored))) {
      return epochAfterExchange(stored, head);
    }
    long noted = committed.noted(new Epoch(stored));
    if (noted > head) {
      return epochAfterLoss(stored, head, noted);
    }
    if (!mayHaveLostItsEnd()) {
      return new Epoch(stored);
    }
    Epoch epoch = Epoch.random(new SecureRandom());
    LOGGER.log(
        Level.WARNING,
        "log epoch changed: the system went down with unsynced records before="
            + stored
            + " now="
            + epoch);
    return epoch;
  }

  /**
   * The database is of another life than the note: what it lacks is unknown. Its places may have
   * been given out since, in the very epoch it went back to.
   */
  private static Epoch epochAfterExchange(String before, long head) {
    Epoch now = Epoch.random(new SecureRandom());
    LOGGER.log(
        Level.ERROR,
        "log is not the one of its note "
            + CommittedHead.FILE
            + ": files are damaged or were exchanged, and acknowledged events may be gone; restore"
            + " a backup to have them last="
            + head
            + " epoch_before="
            + before
            + " epoch_now="
            + now);
    return now;
  }

  private static Epoch epochAfterLoss(String before, long head, long noted) {
    Epoch now = Epoch.random(new SecureRandom());
    LOGGER.log(
        Level.ERROR,
        "log lost its end: acknowledged events are gone; restore a backup to have them first="
            + (head + 1)
            + " last="
            + noted
            + " epoch_before="
            + before
            + " epoch_now="
            + now);
    return now;
  }

  /** Notes, synced together with everything before it, that the log was closed in order. */
  void end() throws RocksDBException {
    try (WriteOptions synced = new WriteOptions().setSync(true)) {
      store.db().put(store.meta(), synced, LIFE, life("closed"));
    }
  }

  /** Where the log begins. */
  Earliest earliest() {
    return earliest(store);
  }

  /** Where a log begins. */
  static Earliest earliest(RocksStore store) {
    try {
      byte[] stored = store.db().get(store.meta(), EARLIEST);
      if (stored == null) {
        return new Earliest(0, 0);
      }
      ByteBuffer buffer = ByteBuffer.wrap(stored);
      return new Earliest(buffer.getLong(), buffer.getLong());
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  void putEarliest(WriteBatch batch, Earliest earliest) throws RocksDBException {
    byte[] value =
        ByteBuffer.allocate(16).putLong(earliest.seq()).putLong(earliest.bytesThrough()).array();
    batch.put(store.meta(), EARLIEST, value);
  }

  /** The marks of channel retention; no bytes when there are none. */
  static byte[] marks(RocksStore store) {
    try {
      byte[] stored = store.db().get(store.meta(), MARKS);
      return stored == null ? new byte[0] : stored;
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  void putMarks(WriteBatch batch, byte[] marks) throws RocksDBException {
    batch.put(store.meta(), MARKS, marks);
  }

  /** Where it is kept. */
  RocksStore store() {
    return store;
  }

  /** Writes something of no meaning, to learn whether writing works. */
  void probe() throws RocksDBException {
    store.db().put(store.meta(), PROBE, new byte[0]);
  }

  private boolean mayHaveLostItsEnd() throws RocksDBException {
    return Optional.ofNullable(text(store.db().get(store.meta(), LIFE)))
        .map(life -> life.split(" ", -1))
        .filter(life -> life.length == 3)
        .filter(life -> life[0].equals(name(Durability.OS)) && life[1].equals("open"))
        // The same boot: only the process ended, and the system still had what it was given.
        .filter(life -> bootId.equals(BOOT_UNKNOWN) || !life[2].equals(bootId))
        .isPresent();
  }

  private byte[] life(String state) {
    return (name(durability) + " " + state + " " + bootId).getBytes(StandardCharsets.US_ASCII);
  }

  private static String name(Durability durability) {
    return durability.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(byte @Nullable [] stored) {
    return stored == null ? null : new String(stored, StandardCharsets.US_ASCII);
  }

  /**
   * Where the log begins.
   *
   * @param seq before the oldest record kept
   * @param bytesThrough the sizes of all records up to it, since the log began
   */
  record Earliest(long seq, long bytesThrough) {}
}
