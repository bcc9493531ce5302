val draw = java.util.Random(0)
c2v.pl.volcano(DoubleArray(200) { draw.nextDouble() * draw.nextDouble() }, DoubleArray(200) { draw.nextGaussian() }, adjP = true)
