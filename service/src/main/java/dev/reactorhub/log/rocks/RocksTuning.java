package dev.reactorhub.log.rocks;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;

/** Every setting of RocksDB, with its reason. Owns the native options; close after the database. */
final class RocksTuning implements AutoCloseable {
  /**
   * Newest records in memory before they go to a file, per family. Small, because RocksDB heals
   * after a full disk only once as much as the largest buffer is free.
   */
  private static final long WRITE_BUFFER_BYTES = 16L << 20;

  /** All buffers together; also bounds what must be replayed at the start. */
  private static final long WRITE_BUFFERS_BYTES_MAX = 64L << 20;

  /** The write-ahead files: an idle family must not keep old ones alive. */
  private static final long WAL_BYTES_MAX = 128L << 20;

  /** Blocks, indexes and filters: all that reading may keep in memory. */
  private static final long CACHE_BYTES = 64L << 20;

  /** Records are read in order: larger blocks compress better and cost one seek more rarely. */
  private static final int BLOCK_BYTES = 16 << 10;

  /** Retention removes whole files: they should be small beside a log. */
  private static final long FILE_BYTES = 16L << 20;

  private static final long INFO_LOG_BYTES_MAX = 1L << 20;

  /** In the order made; closed in reverse. */
  private final List<AbstractNativeReference> owned = new ArrayList<>();

  private final Cache cache = own(new LRUCache(CACHE_BYTES));

  /** For the whole database. */
  final DBOptions database = own(databaseOptions());

  /** For families read in key order. */
  final ColumnFamilyOptions ordered = own(familyOptions(tableConfig()));

  /** For the dedup index: nearly every look-up is of an id that is absent. */
  final ColumnFamilyOptions lookedUp =
      own(familyOptions(tableConfig().setFilterPolicy(own(new BloomFilter(10)))))
          .setMemtablePrefixBloomSizeRatio(0.05)
          .setMemtableWholeKeyFiltering(true);

  private <T extends AbstractNativeReference> T own(T made) {
    owned.add(made);
    return made;
  }

  private static DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setDbWriteBufferSize(WRITE_BUFFERS_BYTES_MAX)
        .setMaxTotalWalSize(WAL_BYTES_MAX)
        // The end of the log may be torn by a crash: what follows the last whole write is dropped.
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setParanoidChecks(true)
        // Connections need descriptors too; reading in order opens a file of 16 MiB rarely enough.
        .setMaxOpenFiles(RocksEventLog.OPEN_FILES_MAX)
        // One flush and one compaction: they must not starve delivery of its cores.
        .setMaxBackgroundJobs(2)
        .setBytesPerSync(1L << 20)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
        .setKeepLogFileNum(2);
  }

  private BlockBasedTableConfig tableConfig() {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(BLOCK_BYTES)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true);
  }

  private static ColumnFamilyOptions familyOptions(BlockBasedTableConfig tables) {
    return new ColumnFamilyOptions()
        .setTableFormatConfig(tables)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setMaxWriteBufferNumber(3)
        .setTargetFileSizeBase(FILE_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  @Override
  public void close() {
    for (AbstractNativeReference made : owned.reversed()) {
      made.close();
    }
  }
}
