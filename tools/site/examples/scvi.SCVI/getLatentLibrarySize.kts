// data: trained
model.getLatentLibrarySize().take(3)
