// data: course
sc.tl.drawGraph(adata, layout = "fa")
sc.pl.drawGraph(adata, color = "cell_type")
