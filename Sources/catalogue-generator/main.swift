import KubeJSON
print("gen")
