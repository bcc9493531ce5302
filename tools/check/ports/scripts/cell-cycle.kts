// scanpy's tutorial on scoring and regressing out the cell cycle; the archive is unpacked by hand.
sc.logging.printHeader() //= sc
// p_zip = pooch.retrieve(url, ...) //m ext
// with zipfile.ZipFile(p_zip) as f_zip //m ext
// f_csv = zipfile.Path(f_zip, ...).open() //m ext
val adata = sc.readCsv("data/nestorawa_forcellcycle_expressionMatrix.txt", delimiter = "\t").T //= sc
var cellCycleGenes = File("data/regev_lab_cell_cycle_genes.txt").readLines() //d ext
val sGenes = cellCycleGenes.take(43).filter { it in adata.varNames } //= py
val g2mGenes = cellCycleGenes.drop(43).filter { it in adata.varNames } //= py
cellCycleGenes = sGenes + g2mGenes //= py
sc.pp.filterCells(adata, minGenes = 200) //= sc
sc.pp.filterGenes(adata, minCells = 3) //= sc
sc.pp.normalizeTotal(adata, targetSum = 1e4) //= sc
sc.pp.log1p(adata) //= sc
sc.tl.scoreGenesCellCycle(adata, sGenes = sGenes, g2mGenes = g2mGenes) //= sc
var adataCcGenes = adata[all, cellCycleGenes].copy() //= py
sc.tl.pca(adataCcGenes) //= sc
sc.pl.pca(adataCcGenes, color = "phase") //= sc
sc.pp.regressOut(adata, listOf("S_score", "G2M_score")) //= sc
adataCcGenes = adata[all, cellCycleGenes].copy() //= py
sc.tl.pca(adataCcGenes) //= sc
sc.pl.pca(adataCcGenes, color = "phase") //= sc
