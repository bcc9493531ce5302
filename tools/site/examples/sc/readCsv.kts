java.io.File("cells.csv").writeText("cell,CD3D,MS4A1\na,3,0\nb,0,5\n")
sc.readCsv("cells.csv", firstColumnNames = true)
