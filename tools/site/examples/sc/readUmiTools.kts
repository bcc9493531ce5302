java.io.File("counts.tsv").writeText("gene\tcell\tcount\nCD3D\tAAAC\t3\nMS4A1\tAAAG\t1\n")
sc.readUmiTools("counts.tsv")
