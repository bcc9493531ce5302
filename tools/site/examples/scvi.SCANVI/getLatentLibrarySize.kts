// data: labelled
model.getLatentLibrarySize(giveMean = false).take(3)
