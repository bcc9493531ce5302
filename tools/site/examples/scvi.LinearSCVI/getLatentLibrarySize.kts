// data: linear
model.getLatentLibrarySize(giveMean = false).take(3)
