// A course's chapter on normalisation, judged by components.
val adata = sc.read("data/brain_qc.h5ad") //= sc
sc.help("pl.pcaOverview") //d sc
sc.pp.pca(adata) //= sc
sc.pl.pcaOverview(adata, color = "mouse.id") //= sc
val adataCpm = adata.copy() //= py
adataCpm.raw = adataCpm //= py
sc.pp.normalizePerCell(
    adataCpm,
    countsPerCellAfter = 1e6,
) //= sc
sc.pp.pca(adataCpm) //= sc
sc.pl.pcaOverview(adataCpm, color = "mouse.id") //= sc
sc.help("pp.normalizeTotal") //d sc
val notRn45s = adataCpm.vars.index ne "Rn45s" //= py
val adataNoRn45s = adataCpm[all, notRn45s] //= py
sc.pp.pca(adataNoRn45s) //= sc
sc.pl.pcaOverview(adataNoRn45s, color = "mouse.id") //= sc
sc.pp.log1p(adataCpm) //= sc
sc.pp.scale(adataCpm) //= sc
sc.pp.pca(adataCpm) //= sc
sc.pl.pcaOverview(adataCpm, color = "plate.barcode") //= sc
adataCpm.write("data/brain_normalized.h5ad") //= py
