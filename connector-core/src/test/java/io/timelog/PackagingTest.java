package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What an application gets that depends on {@code timelog-core} and nothing else. */
final class PackagingTest {
  @TempDir private Path folder;

  /** The first program of a user, in a form that can be loaded anywhere. */
  public static final class FirstProgram {
    private FirstProgram() {}

    /** Returns how many entries it read. */
    public static long run() {
      try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
        log.append(10, "open");
        log.append(20, "close");
        return log.count(TimeRange.all());
      }
    }
  }

  @Test
  void dependenciesOfUsers_areSlf4jAlone() throws Exception {
    List<String> passedOn = new ArrayList<>();
    NodeList dependencies = pom("connector-core/pom.xml").getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      NodeList scope = dependency.getElementsByTagName("scope");
      if (scope.getLength() == 0) {
        passedOn.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent());
      }
    }

    assertThat(passedOn).containsExactly("slf4j-api");
  }

  @Test
  void firstProgram_runsOnWhatTheDependenciesBring() throws Exception {
    URL[] classPath = {
      location(FirstProgram.class), location(Timelog.class), location(LoggerFactory.class)
    };
    try (URLClassLoader alone =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      Class<?> program = alone.loadClass(FirstProgram.class.getName());

      assertThat(program).isNotSameAs(FirstProgram.class);
      assertThat(program.getMethod("run").invoke(null)).isEqualTo(2L);
    }
  }

  @Test
  void manifestOfTheJar_namesModuleTitleAndVersion() throws Exception {
    String manifests =
        textOf(pom("pom.xml"), "manifestEntries")
            + textOf(pom("connector-core/pom.xml"), "manifestEntries");

    assertThat(manifests)
        .contains("${project.artifactId}", "${project.version}", "io.timelog.core");
  }

  @Test
  void version_isThatOfTheManifest() throws Exception {
    assertThat(versionOf("timelog-core", "1.2.3")).isEqualTo("1.2.3");
  }

  @Test
  void version_isUnknown_inTheJarOfAnotherAndWithoutAJar() throws Exception {
    assertThat(versionOf("an-application", "7.0")).isEqualTo("unknown");
    try (URLClassLoader classes =
        new URLClassLoader(
            new URL[] {location(Timelog.class), location(LoggerFactory.class)},
            ClassLoader.getPlatformClassLoader())) {
      assertThat(version(classes)).isIn("unknown", "0.1.0-SNAPSHOT");
    }
  }

  private String versionOf(String title, String version) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.IMPLEMENTATION_TITLE, title);
    main.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    Path jar = folder.resolve(title + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> type : List.of(Timelog.class, EntrySource.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        out.write(Timelog.class.getResourceAsStream("/" + name).readAllBytes());
      }
    }
    URL[] classPath = {jar.toUri().toURL(), location(Timelog.class), location(LoggerFactory.class)};
    try (URLClassLoader packed =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      return version(packed);
    }
  }

  private static String version(ClassLoader loader) throws Exception {
    Class<?> type = Class.forName("io.timelog.Timelog", true, loader);
    return (String) type.getMethod("version").invoke(null);
  }

  private static URL location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private static String textOf(Document pom, String tag) {
    StringBuilder text = new StringBuilder();
    NodeList elements = pom.getElementsByTagName(tag);
    for (int i = 0; i < elements.getLength(); i++) {
      text.append(elements.item(i).getTextContent());
    }
    return text.toString();
  }

  private static Document pom(String path) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(root().resolve(path).toFile());
  }

  /** Maven runs tests in the folder of the module, some editors in that of the project. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("connector-core")) ? folder : folder.resolve("..");
  }
}
