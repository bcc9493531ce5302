package org.cellweave.dsl

import org.cellweave.dsl.plot.Palettes

/** scanpy's palettes as lists of colours, for `palette = sc.pl.palettes.vega20Scanpy` or `zeileis28[3]`. */
public val Plotting.palettes: ScanpyPalettes get() = ScanpyPalettes

/** See [palettes]; every list holds `#rrggbb`. */
public object ScanpyPalettes {
    /** matplotlib's `tab10`. */
    public val vega10: List<String> get() = Palettes.named("tab10")

    /** matplotlib's `tab20`. */
    public val vega20: List<String> get() = Palettes.named("tab20")

    /** `tab20` with other greens and greys: scanpy's colours up to twenty categories. */
    public val vega20Scanpy: List<String> get() = Palettes.named("default_20")

    /** See [vega20Scanpy]. */
    public val default20: List<String> get() = vega20Scanpy

    /** scanpy's colours from 21 to 28 categories. */
    public val zeileis28: List<String> get() = Palettes.named("default_28")

    /** See [zeileis28]. */
    public val default28: List<String> get() = zeileis28

    /** scanpy's colours from 29 to 102 categories. */
    public val godsnot102: List<String> get() = Palettes.named("default_102")

    /** See [godsnot102]. */
    public val default102: List<String> get() = godsnot102
}
