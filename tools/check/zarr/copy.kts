// Reads every zarr store of a folder, whole and from its place, and writes it again in each form; see run.
import java.nio.file.Files
import java.nio.file.Path

sc.settings.verbosity = 0
sc.settings.syncWrites = "never"
val folder = Path.of(args[0])
val stores = Files.list(folder).use { all -> all.map { it.fileName.toString() }.toList() }
    .filter { it.matches(Regex("[^.]+\\.[^.]+\\.zarr(\\.zip)?")) }.sorted()
for (name in stores) {
    val adata = sc.read("$folder/$name")
    adata.writeH5ad("$folder/$name.h5ad")
    adata.writeZarr("$folder/$name.v3.zarr")
    adata.writeZarr("$folder/$name.v3_plain.zarr", shards = null, compression = null)
    adata.writeZarr("$folder/$name.v3_blosc.zarr", compression = "blosc")
    adata.writeZarr("$folder/$name.v3_gzip.zarr", compression = "gzip")
    adata.writeZarr("$folder/$name.v2_blosc.zarr", compression = "blosc", zarrFormat = 2)
    adata.writeZarr("$folder/$name.zip.zarr.zip")
    if (adata.peekX() == null) {
        adata.writeZarr("$folder/$name.v2.zarr", zarrFormat = 2)
    } else {
        sc.readZarr("$folder/$name", backed = "r").writeZarr("$folder/$name.v2.zarr", zarrFormat = 2)
    }
}
println("${stores.size} stores read and written")
