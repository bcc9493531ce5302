// data: trained
model.getLatentLibrarySize(giveMean = false).take(3)
