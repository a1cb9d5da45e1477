package dev.lookback.cli.report;

/**
 * Something that draws itself as one SVG element: inline in a page, or, as it is, a {@code .svg}
 * file. It carries its own style for light and dark and needs nothing from outside.
 */
public interface Picture {
  /** A page's column on a desk, in pixels. */
  int WIDE = 760;

  /** A phone's 390 pixels less a margin on both sides. */
  int NARROW = 358;

  /**
   * The picture laid out for a room {@code width} pixels wide. Letters keep their size: a narrow
   * picture is another layout, not a smaller one. A picture that cannot be folded may come out
   * wider; the page lets it scroll in its own box.
   */
  String svg(int width);

  /** The picture laid out for a desk. */
  default String svg() {
    return svg(WIDE);
  }
}
