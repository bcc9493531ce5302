// A course's chapter on quality: histograms with a line where one would cut.
var adata = sc.read("data/brain_raw.h5ad") //= sc
val qc = sc.pp.calculateQcMetrics(adata, qcVars = listOf("ERCC")) //= sc
val cellQcDataframe = qc[0] //= py
val geneQcDataframe = qc[1] //= py
println("This is the cell quality control dataframe:") //= py
println(cellQcDataframe.head(2)) //= py
println("\n\n\n\nThis is the gene quality control dataframe:") //= py
println(geneQcDataframe.head(2)) //= py
plt.hist(cellQcDataframe["total_counts"], bins = 1000) //= py
plt.xlabel("Total counts") //= py
plt.ylabel("N cells") //= py
plt.axvline(50000, color = "red") //= py
plt.hist(cellQcDataframe["n_genes_by_counts"], bins = 100) //= py
plt.xlabel("N genes") //= py
plt.ylabel("N cells") //= py
plt.axvline(1000, color = "red") //= py
plt.hist(cellQcDataframe["pct_counts_ERCC"], bins = 100) //= py
plt.xlabel("Percent counts ERCC") //= py
plt.ylabel("N cells") //= py
plt.axvline(10, color = "red") //= py
val lowErccMask = (cellQcDataframe["pct_counts_ERCC"] lt 10) //= py
adata = adata[lowErccMask] //= py
sc.help("pp.filterCells") //d sc
plt.hist(geneQcDataframe["n_cells_by_counts"], bins = 1000) //= py
plt.xlabel("N cells expressing > 0") //= py
plt.ylabel("log(N genes)") //= py
plt.axvline(2, color = "red") //= py
plt.yscale("log") //= py
plt.hist(geneQcDataframe["total_counts"], bins = 1000) //= py
plt.xlabel("Total counts") //= py
plt.ylabel("log(N genes)") //= py
plt.yscale("log") //= py
plt.axvline(10, color = "red") //= py
sc.help("pp.filterGenes") //d sc
adata.write("data/brain_qc.h5ad") //= py
