package dev.reactorhub.log.rocks;

/** The ways in which a log can be damaged, each with what it means. */
public enum LogDamage {
  /** The log cannot be opened, so nothing else was looked at. */
  UNOPENABLE("the log cannot be opened"),
  /** A write-ahead file: what follows the damage is lost when a hub starts. */
  WRITE_AHEAD("a write-ahead file is damaged"),
  /** Places up to one that was acknowledged are gone from the end; or the log is another one. */
  COMMITTED_HEAD("the log is not what was last acknowledged"),
  /** A table file's checksums do not match. */
  TABLE("a table file is damaged"),
  /** Records or entries that RocksDB does not give out, as a rule since their file is damaged. */
  UNREADABLE("stored bytes cannot be read"),
  /** A place between the first and the last has no record. */
  MISSING("a record is missing"),
  /** The bytes of a record are no event. */
  UNDECODABLE("a record is no event"),
  /** A record's time lies before that of the record before it, or its running size is wrong. */
  OUT_OF_LINE("a record does not follow from the one before"),
  /** A record that readers of its channel do not find. */
  NOT_INDEXED("a record has no entry in the index of channels"),
  /** The index names a record that does not exist, or is of another channel. */
  INDEX_WITHOUT_RECORD("an entry in the index of channels has no such record"),
  /** An id is remembered for a record that does not exist or has another id. */
  ID_WITHOUT_RECORD("a remembered id has no such record");

  private final String meaning;

  LogDamage(String meaning) {
    this.meaning = meaning;
  }

  /** What it means: a sentence without its full stop. */
  public String meaning() {
    return meaning;
  }
}
