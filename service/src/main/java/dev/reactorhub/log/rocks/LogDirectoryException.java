package dev.reactorhub.log.rocks;

import java.nio.file.Path;

/** The log's directory cannot be used; the message says why and what to do. Nothing was changed. */
public final class LogDirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogDirectoryException(Path directory, String whyAndWhatToDo) {
    super("log directory " + directory + " " + whyAndWhatToDo);
  }

  LogDirectoryException(Path directory, String whyAndWhatToDo, Throwable cause) {
    super("log directory " + directory + " " + whyAndWhatToDo, cause);
  }
}
