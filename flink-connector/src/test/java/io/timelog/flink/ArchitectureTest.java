package io.timelog.flink;

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

/** The connector is an ordinary user of the core, and one that Flink can load from a job's jar. */
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
  static final ArchRule internalPackages_formNoCycle =
      slices().matching("io.timelog.flink.internal.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyClass_isInAPackageOfOurs =
      classes()
          .should()
          .resideInAPackage("io.timelog.flink..")
          .because("Flink loads a job's classes apart from its own, so a package cannot be shared");

  @ArchTest
  static final ArchRule handlesOfState_areFlinksOwn =
      noClasses()
          .should()
          .implement("org.apache.flink.runtime.state.StateObject")
          .because("the job manager deserializes handles without the classes of the job");

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
          Location.of(
              TimelogStateBackend.class.getProtectionDomain().getCodeSource().getLocation()));
    }
  }
}
