java.io.File("cells.tsv").writeText("cell\tCD3D\tMS4A1\na\t3\t0\nb\t0\t5\n")
sc.readText("cells.tsv", delimiter = "\t", firstColumnNames = true)
