package io.timelog;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The layering of the core, as {@code docs/architecture.md} draws it. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule internalPackages_formNoCycle =
      slices().matching("io.timelog.internal.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyClass_isInAPackageOfOurs =
      classes()
          .should()
          .resideInAPackage("io.timelog..")
          .because("a class in somebody else's package breaks when they change it");

  @ArchTest
  static final ArchRule everyPackage_isNullMarked =
      classes()
          .should(
              be(
                  describe(
                      "in a package with a package-info.java that is @NullMarked",
                      (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  @ArchTest
  static final ArchRule core_knowsNeitherFlinkNorKafka =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..")
          .because("the words of one host have no meaning in the other");

  @ArchTest
  static final ArchRule core_standsOnTheJdkAndALogger =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.timelog..", "java..", "org.slf4j..", "org.jspecify..")
          .because("timelog-core brings no dependency, and sun.misc.Unsafe is going away");

  @ArchTest
  static final ArchRule onlySegments_knowTheFormat =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.timelog.internal.segment",
              "io.timelog.internal.manifest",
              "io.timelog.internal.journal",
              "io.timelog.internal.compression",
              "io.timelog.internal.format..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.timelog.internal.format..")
          .because(
              "a new version of the format must concern nobody but who reads segments, manifests"
                  + " and logs, or keeps segments compressed");

  @ArchTest
  static final ArchRule format_knowsNoStorage =
      noClasses()
          .that()
          .resideInAPackage("io.timelog.internal.format..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.timelog.internal.storage..", "java.nio.channels..", "java.io..")
          .because("a layout is what bytes mean, wherever they are kept");

  @ArchTest
  static final ArchRule onlyADisk_opensFiles =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.timelog.internal.storage.disk")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.nio.channels..", "java.nio.file..")
                  .and(not(belongToAnyOf(Path.class)))
                  .or(assignableTo(RandomAccessFile.class))
                  .or(assignableTo(File.class)))
          .because("everybody else asks a Disk, so that tests can let it fail and crash");

  @ArchTest
  static final ArchRule onlyAMedium_choosesAKindOfStorage =
      noClasses()
          .that()
          .resideInAPackage("io.timelog.internal..")
          .and()
          .resideOutsideOfPackages("io.timelog.internal.storage..", "io.timelog.internal.medium")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.timelog.internal.storage.MemoryStorage")
          .because("a store is given its medium, so that another kind can take its place");

  @ArchTest
  static final ArchRule nothing_isReadByJavaSerialization =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .because("bytes of a file must never choose the class that is created from them");

  /** What the module ships, wherever the build has put it. */
  static final class MainClasses implements LocationProvider {
    @Override
    public Set<Location> get(Class<?> testClass) {
      return Set.of(
          Location.of(TimeRange.class.getProtectionDomain().getCodeSource().getLocation()));
    }
  }
}
