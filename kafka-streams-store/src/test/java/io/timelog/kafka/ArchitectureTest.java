package io.timelog.kafka;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The connector is an ordinary user of the core and, but for one package, of Kafka Streams. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule core_isUsedByItsPublicApiOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.timelog.internal..")
          .because("if a connector needs something internal, the public API is wrong");

  @ArchTest
  static final ArchRule internalsOfKafka_areUsedInOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.timelog.kafka.internal.host..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..internals..", "org.apache.kafka..internal..")
          .because("Kafka changes its internals without notice");

  @ArchTest
  static final ArchRule internalPackages_formNoCycle =
      slices().matching("io.timelog.kafka.internal.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyClass_isInAPackageOfOurs =
      classes()
          .should()
          .resideInAPackage("io.timelog.kafka..")
          .because("a class in somebody else's package breaks when they change it");

  @ArchTest
  static final ArchRule everyPackage_isNullMarked =
      classes()
          .should(
              be(
                  describe(
                      "in a package with a package-info.java that is @NullMarked",
                      (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  /** What the module ships, wherever the build has put it. */
  static final class MainClasses implements LocationProvider {
    @Override
    public Set<Location> get(Class<?> testClass) {
      return Set.of(
          Location.of(TimelogStores.class.getProtectionDomain().getCodeSource().getLocation()));
    }
  }
}
