package dev.reactorhub;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The parts, who may know whom, and how they are named. A new part gets its row in the table. */
@AnalyzeClasses(packages = "dev.reactorhub", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "dev.reactorhub.";

  /** The generated classes of the gRPC API. */
  private static final String API = "v1";

  /**
   * What each part may know beside itself. A subpackage without a row belongs to the part it is in.
   */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry(API, Set.of()),
          entry("client", Set.of(API)),
          entry("event", Set.of()),
          entry("log", Set.of("event")),
          entry("log.engine", Set.of("event", "log")),
          entry("log.memory", Set.of("event", "log", "log.engine")),
          entry("log.rocks", Set.of("event", "log", "log.engine")),
          entry("log.jetstream", Set.of("event", "log", "log.engine")),
          entry("hub", Set.of("event", "log")),
          entry("consumer", Set.of("event", "log", "hub")),
          entry("wire", Set.of("event", "log", "hub", API)),
          entry("web", Set.of("event", "log", "hub", "wire")),
          entry("grpc", Set.of("event", "log", "hub", "consumer", "wire", API)),
          entry("observe", Set.of("event", "log", "hub", "consumer", "wire")),
          entry("auth", Set.of()),
          entry("config", Set.of()),
          entry("cli", Set.of("config", "client", API)));

  /** The composition root knows every part. */
  private static final String APP = "app";

  private static final Pattern SETTINGS = Pattern.compile(".*(Settings|Limits)");

  private static final Pattern NAME_OF_NOTHING =
      Pattern.compile(
          "(.+Impl|Default[A-Z].*|Abstract[A-Z].*|.+Base|I[A-Z][a-z].*|.*Utils?|.*Helper|.*Manager)");

  private static final Pattern GETTER = Pattern.compile("get[A-Z].*");

  @ArchTest
  static final ArchRule eachPartKnowsOnlyTheOnesBelowIt =
      classes()
          .should(
              satisfy(
                  "know only what the table allows",
                  (type, events) ->
                      type.getDirectDependenciesFromSelf().stream()
                          .filter(dependency -> !isAllowed(dependency))
                          .map(Dependency::getDescription)
                          .forEach(why -> events.add(violated(type, why)))));

  @ArchTest
  static final ArchRule noPackagesKnowEachOther =
      slices().matching("dev.reactorhub.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule aNameSaysWhatATypeIs =
      classes()
          .that(areWrittenByHand())
          .should(
              satisfy(
                  "not be named Impl, Default, Abstract, Base, I…, Util, Helper or Manager",
                  (type, events) -> {
                    if (NAME_OF_NOTHING.matcher(type.getSimpleName()).matches()) {
                      events.add(violated(type, type.getName() + " says nothing by its name"));
                    }
                  }))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule accessorsHaveNoPrefix =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat(areWrittenByHand())
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .should(
              satisfy(
                  "not begin with get, unless they override",
                  (JavaMethod method, ConditionEvents events) -> {
                    if (GETTER.matcher(method.getName()).matches() && !overrides(method)) {
                      events.add(violated(method, method.getFullName() + " begins with get"));
                    }
                  }))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .that(areWrittenByHand())
          .should(
              satisfy(
                  "be in a package with @NullMarked",
                  (type, events) -> {
                    if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                      events.add(violated(type, type.getPackageName() + " is not @NullMarked"));
                    }
                  }))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyClassSaysWhetherItIsExtended =
      classes()
          .that(areWrittenByHand())
          .should(
              satisfy(
                  "be final, sealed or abstract",
                  (type, events) -> {
                    if (!isClosed(type)) {
                      events.add(
                          violated(type, type.getName() + " is not final, sealed or abstract"));
                    }
                  }))
          .allowEmptyShould(true);

  private static boolean isAllowed(Dependency dependency) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    String from = part(dependency.getOriginClass());
    String to = part(target);
    if (to.isEmpty() || from.equals(to) || from.equals(APP)) {
      return true;
    }
    if (from.equals("config") && !to.equals(APP)) {
      return SETTINGS.matcher(outermost(target).getSimpleName()).matches();
    }
    return MAY_KNOW.getOrDefault(from, Set.of()).contains(to);
  }

  /** The part a class belongs to: {@code log.rocks}; empty when it is none of ours. */
  private static String part(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String rest = name.substring(ROOT.length());
    String part = rest;
    while (!MAY_KNOW.containsKey(part) && part.contains(".")) {
      part = part.substring(0, part.lastIndexOf('.'));
    }
    return MAY_KNOW.containsKey(part) ? part : rest;
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  private static DescribedPredicate<JavaClass> areWrittenByHand() {
    return describe(
        "are written by hand", type -> !Set.of(type.getPackageName().split("\\.")).contains(API));
  }

  private static boolean isClosed(JavaClass type) {
    return type.isAnonymousClass()
        || type.getModifiers().contains(JavaModifier.FINAL)
        || type.getModifiers().contains(JavaModifier.ABSTRACT)
        || type.isEnum()
        || type.reflect().isSealed()
        || type.getSimpleName().equals("package-info")
        || type.getSimpleName().equals("module-info");
  }

  private static boolean overrides(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return Stream.concat(
            owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
        .flatMap(type -> type.getMethods().stream())
        .filter(inherited -> inherited.getName().equals(method.getName()))
        .map(JavaMember::getDescriptor)
        .anyMatch(descriptor -> Objects.equals(descriptor, method.getDescriptor()));
  }

  private static <T> ArchCondition<T> satisfy(
      String description, BiConsumer<T, ConditionEvents> check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(T item, ConditionEvents events) {
        check.accept(item, events);
      }
    };
  }
}
