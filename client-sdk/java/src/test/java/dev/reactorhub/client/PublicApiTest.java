package dev.reactorhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program that uses the client sees of it. */
final class PublicApiTest {
  /** Java 17 (JVMS, table 4.1-A). */
  private static final int CLASS_FILE_VERSION = 61;

  private static final Set<String> MAY_BE_SEEN =
      Set.of("java.", "dev.reactorhub.client.", "org.jspecify.");

  @Test
  void onePackageIsExported() {
    ModuleDescriptor module = ReactorClient.class.getModule().getDescriptor();

    assertThat(module.name()).isEqualTo("dev.reactorhub.client");
    assertThat(module.exports()).hasSize(1);
    assertThat(module.exports().iterator().next().source()).isEqualTo("dev.reactorhub.client");
  }

  @Test
  void nothingOfGrpcOrProtobufIsSeen() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Class<?> type : publicTypes()) {
      signatures(type).forEach(one -> addNames(one, seen));
    }

    assertThat(seen).contains("java.lang.String").hasSizeGreaterThan(20);
    assertThat(seen).allSatisfy(name -> assertThat(MAY_BE_SEEN).anyMatch(name::startsWith));
  }

  private static List<Type> signatures(Class<?> type) {
    List<Type> all = new ArrayList<>();
    if (type.getGenericSuperclass() != null) {
      all.add(type.getGenericSuperclass());
    }
    all.addAll(List.of(type.getGenericInterfaces()));
    for (Method method : type.getDeclaredMethods()) {
      if (isSeen(method.getModifiers())) {
        all.add(method.getGenericReturnType());
        all.addAll(List.of(method.getGenericParameterTypes()));
        all.addAll(List.of(method.getGenericExceptionTypes()));
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isSeen(constructor.getModifiers())) {
        all.addAll(List.of(constructor.getGenericParameterTypes()));
      }
    }
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field.getModifiers())) {
        all.add(field.getGenericType());
      }
    }
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        all.add(component.getGenericType());
      }
    }
    return all;
  }

  private static boolean isSeen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void addNames(Type type, Set<String> names) {
    if (type instanceof Class<?> plain) {
      Class<?> element = plain;
      while (element.isArray()) {
        element = element.getComponentType();
      }
      if (!element.isPrimitive()) {
        names.add(element.getName());
      }
    } else if (type instanceof ParameterizedType parameterized) {
      addNames(parameterized.getRawType(), names);
      Arrays.stream(parameterized.getActualTypeArguments()).forEach(one -> addNames(one, names));
    } else if (type instanceof WildcardType wildcard) {
      Arrays.stream(wildcard.getUpperBounds()).forEach(one -> addNames(one, names));
      Arrays.stream(wildcard.getLowerBounds()).forEach(one -> addNames(one, names));
    }
  }

  private static List<Class<?>> publicTypes() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("target/classes"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = Path.of("target/classes").relativize(file).toString();
        if (!name.equals("module-info.class") && !name.contains("package-info")) {
          Class<?> type = Class.forName(name.replace(".class", "").replace('/', '.'));
          if (isPublic(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> enclosing = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (enclosing == null || isPublic(enclosing));
  }

  @Test
  void allClassFilesAreReadByJava17() throws Exception {
    List<Path> own = classFiles(Path.of("target/classes"));
    assertThat(own).hasSizeGreaterThan(40);
    for (Path file : own) {
      assertThat(version(file)).as(file.toString()).isEqualTo(CLASS_FILE_VERSION);
    }
    for (String type :
        List.of("dev.reactorhub.v1.Event", "dev.reactorhub.client.testing.FakeHub")) {
      assertReadByJava17(Class.forName(type));
    }
  }

  private static void assertReadByJava17(Class<?> type) throws IOException, URISyntaxException {
    URL place = type.getProtectionDomain().getCodeSource().getLocation();
    Path path = Path.of(place.toURI());
    if (Files.isDirectory(path)) {
      for (Path file : classFiles(path)) {
        assertThat(version(file)).as(file.toString()).isEqualTo(CLASS_FILE_VERSION);
      }
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        for (Path file : classFiles(jar.getPath("/"))) {
          assertThat(version(file)).as(file.toString()).isEqualTo(CLASS_FILE_VERSION);
        }
      }
    }
  }

  private static List<Path> classFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(path -> path.toString().endsWith(".class")).toList();
    }
  }

  private static int version(Path classFile) throws IOException {
    try (InputStream in = Files.newInputStream(classFile);
        DataInputStream data = new DataInputStream(in)) {
      // Magic, minor version, major version (JVMS 4.1).
      data.readInt();
      data.readUnsignedShort();
      return data.readUnsignedShort();
    }
  }

  @Test
  void everyClassSaysWhichThreadsMayUseIt() throws Exception {
    for (Class<?> type : publicTypes()) {
      boolean isValue = type.isRecord() || type.isEnum() || Throwable.class.isAssignableFrom(type);
      if (type.getEnclosingClass() == null && !isValue && !type.isSealed()) {
        Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
        String text = Files.readString(source);
        // Of an interface that programs implement the methods may say it.
        int end = type.isInterface() ? text.length() : text.indexOf("public final class");
        assertThat(text.substring(0, end)).as(type.getName()).contains("thread");
      }
    }
    assertThat(Files.readString(Path.of("src/main/java/dev/reactorhub/client/package-info.java")))
        .contains("Values are immutable");
  }

  @Test
  void noVirtualThreadIsPinned() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("synchronized");
      }
    }
  }

  @Test
  void theKindsOfFailureAreKnown() {
    assertThat(ReactorException.class.isSealed()).isTrue();
    assertThat(ReactorException.class.getPermittedSubclasses())
        .extracting(Class::getSimpleName)
        .containsExactlyInAnyOrder(
            "Refused",
            "NotAllowed",
            "Limited",
            "Unavailable",
            "HubFailure",
            "PositionLost",
            "Closed",
            "Interrupted");
  }
}
