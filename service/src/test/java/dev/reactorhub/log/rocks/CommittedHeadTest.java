package dev.reactorhub.log.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommittedHeadTest {
  private static final Epoch EPOCH = new Epoch("now");

  @TempDir Path directory;

  @Test
  void aNewFileNotesNothing() throws IOException {
    assertThat(noted(EPOCH)).isZero();
  }

  @Test
  void theNewestNoteIsRemembered() throws IOException {
    write(1, 2, 3);

    assertThat(noted(EPOCH)).isEqualTo(3);
  }

  @Test
  void aNoteOfAnotherEpochSaysNothing() throws IOException {
    write(1, 2, 3);

    assertThat(noted(new Epoch("then"))).isZero();
  }

  @Test
  void aTornNoteLeavesTheOneBefore() throws IOException {
    write(1, 2, 3);
    Path file = directory.resolve(CommittedHead.FILE);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // The notes of the beginning took both slots: the third of the others is in the first.
      channel.write(ByteBuffer.allocate(4), 4);
    }

    assertThat(noted(EPOCH)).isEqualTo(2);
  }

  @Test
  void aFileCutShortSaysNothing() throws IOException {
    write(1, 2, 3);
    Files.write(directory.resolve(CommittedHead.FILE), new byte[5]);

    assertThat(noted(EPOCH)).isZero();
  }

  @Test
  void zerosAreNoNote() throws IOException {
    Files.write(directory.resolve(CommittedHead.FILE), new byte[32]);

    assertThat(noted(EPOCH)).isZero();
  }

  @Test
  void aDatabaseOfAnotherLifeGetsANewEpoch() throws IOException {
    Epoch before = openedEpoch();
    assertThat(openedEpoch()).isEqualTo(before);
    write(1);

    Epoch after = openedEpoch();

    assertThat(after).isNotEqualTo(before).isNotEqualTo(EPOCH);
    assertThat(openedEpoch()).isEqualTo(after);
  }

  private Epoch openedEpoch() {
    try (EventLog log =
        RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system())) {
      return log.range().epoch();
    }
  }

  private void write(long... seqs) throws IOException {
    try (CommittedHead head = CommittedHead.open(directory)) {
      head.begin(EPOCH, 0);
      for (long seq : seqs) {
        head.note(seq);
      }
    }
  }

  private long noted(Epoch epoch) throws IOException {
    try (CommittedHead head = CommittedHead.open(directory)) {
      return head.noted(epoch);
    }
  }
}
