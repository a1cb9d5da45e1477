package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One {@link TextArrows} on its way to paper, for one width. */
final class ArrowsDrawing {
  private static final double CELL = 24;
  private static final double NAME = 18;
  private static final double ARROW = 14;
  private static final double LEVEL = 18;
  private static final double MARGIN = 14;
  private static final double INSET = 2;

  private final TextArrows picture;
  private final double width;
  private final int[] characters;
  private final int perLine;
  private final double pitch;

  ArrowsDrawing(TextArrows picture, int width) {
    this.picture = picture;
    this.width = width;
    characters = picture.text().codePoints().toArray();
    double room = width - 2 * MARGIN;
    int most = Math.max(1, (int) (room / 15));
    int lines = (characters.length + most - 1) / most;
    perLine = (characters.length + lines - 1) / lines;
    pitch = Math.min(CELL, room / perLine);
  }

  String svg() {
    String title = "Segments of a text under " + picture.rows().size() + " couplings";
    // Twice: what is drawn tells how high it is.
    double height = draw(new Svg(width, 1, title, ""));
    Svg svg = new Svg(width, height, title, description());
    draw(svg);
    return svg.finish();
  }

  private double draw(Svg svg) {
    double y = 4;
    for (int from = 0; from < characters.length; from += perLine) {
      int to = Math.min(characters.length, from + perLine);
      if (perLine < characters.length) {
        String heading = "characters " + (from + 1) + "–" + to;
        svg.text(0, y + 12, "start", "muted small", heading);
        y += 22;
      }
      for (TextArrows.Row row : picture.rows()) {
        y = drawRow(svg, row, new Span(from, to), y) + 12;
      }
      y += 6;
    }
    return drawLegend(svg, y + 8);
  }

  /** Characters from, inclusive, to, exclusive. */
  private record Span(int from, int to) {}

  /** Draws a row's characters of one line and returns where it ends. */
  private double drawRow(Svg svg, TextArrows.Row row, Span line, double top) {
    String name = row.name() + (line.from() == 0 ? summary(row) : "");
    svg.text(0, top + 12, "start", "strong small", Glyphs.shortened(name, 11.5, width / 1.1));
    double y = top + NAME;
    for (Span segment : segments(row.xi())) {
      Span shown =
          new Span(Math.max(segment.from(), line.from()), Math.min(segment.to(), line.to()));
      if (shown.from() < shown.to()) {
        svg.group(String.format(Locale.ROOT, "characters %d–%d", segment.from() + 1, segment.to()));
        drawSegment(svg, row.xi(), segment, shown, line, y);
        svg.endGroup();
      }
    }
    for (int i = line.from(); i < line.to(); i++) {
      double middle = x(i, line) + pitch / 2;
      String sign = sign(characters[i]);
      boolean plain = sign.codePointAt(0) == characters[i];
      svg.text(middle, y + 16, "middle", plain ? "mono" : "mono muted", sign);
    }
    return drawFactors(svg, row.xi(), line, y + CELL + ARROW);
  }

  private void drawSegment(Svg svg, float[] xi, Span segment, Span shown, Span line, double y) {
    boolean opensLeft = shown.from() > segment.from() || xi[shown.from()] != 0;
    boolean opensRight = shown.to() < segment.to();
    double left = x(shown.from(), line) + (opensLeft ? -MARGIN / 2 : INSET);
    double right = x(shown.to(), line) + (opensRight ? MARGIN / 2 : -INSET);
    svg.rect(left, y, right - left, CELL, opensLeft || opensRight ? 0 : 4, "band c1");
    svg.path(outline(left, y, right, opensLeft, opensRight), "wire c1");
    for (int i = shown.from() + 1; i < shown.to(); i++) {
      svg.line(x(i, line), y + 5, x(i, line), y + CELL - 5, "grid");
    }
    double arrowY = y + CELL + 7;
    double end = opensRight ? right + 4 : x(shown.to(), line) - pitch / 2;
    double start = opensLeft ? left - 4 : x(shown.from(), line) + pitch / 2;
    if (!opensRight) {
      svg.circle(end, arrowY, 2.4, "c1");
    }
    boolean headHere = shown.from() == segment.from();
    if (headHere && end - start > 4) {
      svg.arrow(end, arrowY, start, arrowY, "wire c1");
    } else if (end - start > 4) {
      svg.line(end, arrowY, start, arrowY, "wire c1");
    }
  }

  /** A box with round corners, open on the sides where the segment goes on. */
  private static String outline(
      double left, double y, double right, boolean opensLeft, boolean opensRight) {
    double bottom = y + CELL;
    double l = opensLeft ? 0 : 4;
    double r = opensRight ? 0 : 4;
    StringBuilder d = new StringBuilder("M");
    Svg.point(d, left + l, y).append('L');
    Svg.point(d, right - r, y).append(opensRight ? 'M' : 'Q');
    if (!opensRight) {
      Svg.point(d, right, y).append(' ');
      Svg.point(d, right, y + r).append('L');
      Svg.point(d, right, bottom - r).append('Q');
      Svg.point(d, right, bottom).append(' ');
      Svg.point(d, right - r, bottom).append('L');
    } else {
      Svg.point(d, right, bottom).append('L');
    }
    Svg.point(d, left + l, bottom);
    if (!opensLeft) {
      Svg.point(d.append('Q'), left, bottom).append(' ');
      Svg.point(d, left, bottom - l).append('L');
      Svg.point(d, left, y + l).append('Q');
      Svg.point(d, left, y).append(' ');
      Svg.point(d, left + l, y);
    }
    return d.toString();
  }

  /**
   * Prints the factors under their links and returns where they end. Neighbouring links with the
   * same factor share one text and a bracket; texts that would touch take another level.
   */
  private double drawFactors(Svg svg, float[] xi, Span line, double y) {
    List<Double> ends = new ArrayList<>();
    int i = line.from();
    while (i < line.to()) {
      int last = i;
      if (xi[i] != 0 && xi[i] != 1) {
        String text = "×" + GraphDrawing.factor(xi[i]);
        while (last + 1 < line.to() && text.equals("×" + GraphDrawing.factor(xi[last + 1]))) {
          last++;
        }
        double left = x(i, line);
        double right = x(last, line);
        double half = Glyphs.pixels(text, 10.5) / 2;
        double middle = Math.max(half, Math.min(width - half, (left + right) / 2));
        int level = 0;
        double from = Math.min(left, middle - half);
        while (level < ends.size() && ends.get(level) > from - 4) {
          level++;
        }
        double end = Math.max(right, middle + half);
        if (level == ends.size()) {
          ends.add(end);
        } else {
          ends.set(level, end);
        }
        double at = y + level * LEVEL;
        svg.path(bracket(left, right, at), "wire c2");
        svg.text(middle, at + 14, "middle", "tiny halo c2", text);
      }
      i = last + 1;
    }
    return y + ends.size() * LEVEL + (ends.isEmpty() ? 0 : 6);
  }

  private static String bracket(double left, double right, double y) {
    StringBuilder d = new StringBuilder("M");
    Svg.point(d, left, y - 3).append('L');
    Svg.point(d, left, y + 2).append('L');
    Svg.point(d, right, y + 2).append('L');
    return Svg.point(d, right, y - 3).toString();
  }

  private double drawLegend(Svg svg, double top) {
    double y = top + 10;
    String[] signs = {"arrow", "gap", "×"};
    String[] texts = {
      "how far the gradient goes back",
      "a cut link, ξ = 0: the gradient stops",
      "factor ξ on the links above, where not 0 or 1"
    };
    double x = 0;
    for (int i = 0; i < signs.length; i++) {
      double room = 34 + Glyphs.pixels(texts[i], 11.5) + 18;
      if (x > 0 && x + room > width + 18) {
        x = 0;
        y += 20;
      }
      if (i == 0) {
        svg.circle(x + 24, y - 4, 2.4, "c1").arrow(x + 24, y - 4, x + 2, y - 4, "wire c1");
      } else if (i == 1) {
        svg.rect(x + 2, y - 11, 10, 14, 3, "tint c1").rect(x + 16, y - 11, 10, 14, 3, "tint c1");
      } else {
        svg.text(x + 14, y, "middle", "tiny c2", "×1.5");
      }
      svg.text(x + 34, y, "start", "muted small", texts[i]);
      x += room;
    }
    return y + 8;
  }

  /** The stretches between cut links. */
  private static List<Span> segments(float[] xi) {
    List<Span> segments = new ArrayList<>();
    int from = 0;
    for (int t = 1; t <= xi.length; t++) {
      if (t == xi.length || xi[t] == 0) {
        segments.add(new Span(from, t));
        from = t;
      }
    }
    return segments;
  }

  private static String summary(TextArrows.Row row) {
    List<Span> segments = segments(row.xi());
    int longest = segments.stream().mapToInt(s -> s.to() - s.from()).max().orElse(0);
    return segments.size() == 1
        ? " – one segment"
        : " – " + segments.size() + " segments, the longest " + longest;
  }

  private double x(int character, Span line) {
    return MARGIN + (character - line.from()) * pitch;
  }

  private static String sign(int character) {
    return switch (character) {
      case ' ' -> "·";
      case '\n' -> "↵";
      case '\t' -> "⇥";
      case '\r' -> "␍";
      default -> Character.toString(character);
    };
  }

  private String description() {
    StringBuilder out = new StringBuilder("Text: ").append(picture.text()).append('.');
    for (TextArrows.Row row : picture.rows()) {
      out.append(' ').append(row.name()).append(summary(row)).append('.');
    }
    return out.toString();
  }
}
