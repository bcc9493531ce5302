val points = mapOf("x" to listOf(1, 2, 3), "y" to listOf(2, 1, 3))
val plot = org.jetbrains.letsPlot.letsPlot(points) { x = "x"; y = "y" } + org.jetbrains.letsPlot.geom.geomLine()
sc.pl.plots(plot, plot, ncols = 2)
