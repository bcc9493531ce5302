val folder = java.io.File("tenx").apply { mkdirs() }
java.io.File(folder, "matrix.mtx").writeText("%%MatrixMarket matrix coordinate integer general\n2 3 3\n1 1 4\n2 3 1\n1 2 2\n")
java.io.File(folder, "genes.tsv").writeText("ENSG1\tCD3D\nENSG2\tMS4A1\n")
java.io.File(folder, "barcodes.tsv").writeText("AAAC-1\nAAAG-1\nAAAT-1\n")
sc.read10xMtx("tenx")
