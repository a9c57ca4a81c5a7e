package io.timelog.benchmarks.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class DotPlotTest {
  private static final Panel APPEND =
      new Panel(
          "append",
          "one entry",
          List.of(
              new Dot("Timelog", Group.TIMELOG, 200),
              new Dot("RocksDB & Co", Group.ROCKSDB, 2_000),
              new Dot("TreeMap", Group.HEAP, 20_000)));

  private static final DotPlot PLOT = new DotPlot("Costs", "of one", "here", List.of(APPEND));

  @Test
  void axis_endsAtThePowersOfTenAroundAllDots() {
    assertThat(APPEND.firstDecade()).isEqualTo(2);
    assertThat(APPEND.lastDecade()).isEqualTo(5);
  }

  @Test
  void equalRatios_areEqualDistances() throws Exception {
    List<Double> x = new ArrayList<>();
    for (Element dot : elements("circle")) {
      x.add(Double.valueOf(dot.getAttribute("cx")));
    }

    assertThat(x).hasSize(3);
    assertThat(x.get(1) - x.get(0)).isCloseTo(x.get(2) - x.get(1), within(0.2));
  }

  @Test
  void ratio_isThatOfTheFastestOfItsGroupToTheFirst() {
    assertThat(APPEND.ratio(Group.ROCKSDB)).isEqualTo("10x");
    assertThat(APPEND.ratio(Group.HEAP)).isEqualTo("100x");
  }

  @Test
  void everyFigureAndSubject_isWritten() throws Exception {
    assertThat(elements("text"))
        .extracting(Element::getTextContent)
        .contains("Timelog", "RocksDB & Co", "TreeMap", "200 ns", "2.00 µs", "20.0 µs")
        .contains("RocksDB from 10x", "heap from 100x")
        .contains("100 ns", "1 µs", "10 µs", "100 µs");
  }

  @Test
  void palettes_differInColoursAlone() {
    String withoutColours = "#[0-9a-f]{6}";
    assertThat(PLOT.svg(Palette.DARK).replaceAll(withoutColours, "#"))
        .isEqualTo(PLOT.svg(Palette.LIGHT).replaceAll(withoutColours, "#"));
  }

  private static List<Element> elements(String name) throws Exception {
    byte[] svg = PLOT.svg(Palette.LIGHT).getBytes(StandardCharsets.UTF_8);
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
