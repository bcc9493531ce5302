// data: course
sc.tl.drawGraph(adata)
sc.pl.drawGraph(adata, color = "cell_type")
