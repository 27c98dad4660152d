print("abide")
