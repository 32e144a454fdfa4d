package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogDirectoryTest {
  @TempDir Path directory;

  private EventLog open() {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system());
  }

  private void assertRefused(String whyAndWhatToDo) {
    assertThatThrownBy(this::open)
        .isInstanceOf(LogDirectoryException.class)
        .hasMessage("log directory " + directory + " " + whyAndWhatToDo);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
    }
  }

  @Test
  void aMissingDirectoryIsMade() {
    directory = directory.resolve("a/b");
    open().close();
    assertThat(directory.resolve("reactor-hub-log")).hasContent("format 2\n");
  }

  @Test
  void theRootOfAFreshFileSystemIsTaken() throws IOException {
    Files.createDirectory(directory.resolve("lost+found"));
    open().close();
    open().close();
  }

  @Test
  void aForeignDirectoryIsRefusedAndLeftAlone() throws IOException {
    Files.writeString(directory.resolve("photo.jpg"), "x");
    assertRefused("holds files that are no log: choose an empty directory");
    assertThat(names()).containsExactly("photo.jpg");
  }

  @Test
  void aFileIsRefused() throws IOException {
    directory = Files.writeString(directory.resolve("file"), "x");
    assertRefused("is a file: choose another path");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    open().close();
    Files.writeString(directory.resolve("reactor-hub-log"), "format 3\n");
    assertRefused(
        "was written by a newer version (format 3, this one reads 2): run the newer version, or"
            + " choose another directory");
  }

  @Test
  void aDamagedMarkerIsRefused() throws IOException {
    Files.writeString(directory.resolve("reactor-hub-log"), "whatever");
    assertRefused(
        "has a damaged marker reactor-hub-log: restore the directory, or choose an empty one");
  }

  @Test
  void aMarkerCutShortByACrashIsWrittenAgain() throws IOException {
    Files.writeString(directory.resolve("reactor-hub-log"), "");
    open().close();
    assertThat(directory.resolve("reactor-hub-log")).hasContent("format 2\n");
  }

  @Test
  void aLogWithoutItsCurrentFileIsRefusedInsteadOfStartedAnew() throws IOException {
    try (EventLog log = open()) {
      append(log, event("a"));
    }
    Files.delete(directory.resolve("CURRENT"));
    assertRefused("lacks the file CURRENT: restore the directory, or choose an empty one");
  }

  @Test
  void aLogWhoseFirstStartWasKilledIsMadeAnew() throws IOException {
    Files.writeString(directory.resolve("reactor-hub-log"), "format 2\n");
    Files.write(directory.resolve("MANIFEST-000001"), new byte[0]);
    open().close();
  }

  @Test
  void aWriteAheadFileAloneIsALogWithoutItsCurrentFile() throws IOException {
    Files.writeString(directory.resolve("reactor-hub-log"), "format 2\n");
    Files.write(directory.resolve("000004.log"), new byte[10]);
    assertRefused("lacks the file CURRENT: restore the directory, or choose an empty one");
  }

  @Test
  void aDamagedListOfFilesIsRefused() throws IOException {
    open().close();
    Path current = directory.resolve("CURRENT");
    Path manifest = directory.resolve(Files.readString(current).strip());
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[4] ^= 1; // The length of the first record: what follows seems to be torn off.
    bytes[5] ^= 127;
    Files.write(manifest, bytes);
    assertRefused("has a damaged list of its files: restore the directory, or choose an empty one");
  }

  @Test
  void aListOfFilesWithATornEndIsTaken() throws IOException {
    open().close();
    Path current = directory.resolve("CURRENT");
    Path manifest = directory.resolve(Files.readString(current).strip());
    Files.write(manifest, new byte[] {1, 2, 3, 4, 90, 0, 1, 9, 9}, StandardOpenOption.APPEND);
    open().close();
  }

  @Test
  void aLogThatIsOpenIsRefused() {
    try (EventLog log = open()) {
      assertRefused("is in use by a running hub: stop it, or choose another directory");
      append(log, event("a"));
    }
    open().close();
  }
}
