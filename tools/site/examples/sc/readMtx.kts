java.io.File("cells.mtx").writeText("%%MatrixMarket matrix coordinate integer general\n2 3 2\n1 1 4\n2 3 1\n")
sc.readMtx("cells.mtx")
