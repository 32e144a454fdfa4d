package dev.reactorhub.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the configuration file: YAML, keys nested or with dots, lists of plain values. Only the
 * shape of the text is read, no object is made from it.
 */
final class YamlFile {
  /** Longer than any key: only a file that refers to itself gets there. */
  private static final int KEY_LENGTH_MAX = 200;

  private final Path file;
  private final List<RawValue> values = new ArrayList<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, String> origins = new TreeMap<>();

  private YamlFile(Path file) {
    this.file = file;
  }

  static YamlFile read(Path file) {
    YamlFile yaml = new YamlFile(file);
    try (Reader reader = Files.newBufferedReader(file)) {
      Node root = new Yaml(new LoaderOptions()).compose(reader);
      if (root != null) {
        yaml.read("", root);
      }
    } catch (IOException e) {
      yaml.refuse("cannot be read: " + e, "give the path of a readable file");
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      yaml.refuse("is no YAML: line " + line + ": " + e.getProblem(), "correct that line");
    } catch (YAMLException e) {
      // A failure to read, wrapped on its way through the parser.
      if (e.getCause() instanceof IOException unread) {
        yaml.refuse("cannot be read: " + unread, "give the path of a readable file");
        return yaml;
      }
      yaml.refuse("is no YAML: " + e.getMessage(), "write it as docs/configuration.md shows");
    }
    return yaml;
  }

  List<RawValue> values() {
    return values;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  private void read(String key, Node node) {
    switch (node) {
      case MappingNode mapping when key.length() <= KEY_LENGTH_MAX -> {
        for (NodeTuple entry : mapping.getValue()) {
          String name = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
          read(key.isEmpty() ? name : key + "." + name, entry.getValueNode());
        }
      }
      case SequenceNode list when isPlain(list) ->
          add(
              key,
              list.getValue().stream()
                  .map(item -> ((ScalarNode) item).getValue())
                  .collect(Collectors.joining(",")),
              node);
      case ScalarNode scalar when !scalar.getTag().equals(Tag.NULL) ->
          add(key, scalar.getValue(), node);
      default ->
          problems.add(
              new ConfigProblem(
                  key.isEmpty() ? file.toString() : key,
                  "",
                  origin(node),
                  "has no value that can be used",
                  "give a plain value or a list of them, or take the line away"));
    }
  }

  private void add(String key, String text, Node node) {
    String origin = origin(node);
    String first = origins.putIfAbsent(key, origin);
    if (first == null) {
      values.add(new RawValue(key, text, origin));
    } else {
      problems.add(
          new ConfigProblem(
              key, text, origin, "it is set already in " + first, "keep one of the two"));
    }
  }

  private void refuse(String rule, String remedy) {
    problems.add(new ConfigProblem("--config", file.toString(), "the file", rule, remedy));
  }

  private String origin(Node node) {
    return file + ", line " + (node.getStartMark().getLine() + 1);
  }

  private static boolean isPlain(SequenceNode list) {
    return list.getValue().stream().allMatch(ScalarNode.class::isInstance);
  }
}
