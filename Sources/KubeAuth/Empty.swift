import Crypto
import JWTKit
import X509
