import KubeAPI
import KubeJSON

/// Objects in the formats that clients ask for.
enum Encoding {
    static func bytes(of value: JSON, _ format: Representation.Format) throws(APIStatus) -> [UInt8] {
        switch format {
        case .json: return JSONWriter.bytes(value) + [0x0A]
        case .yaml: return Array(YAML.string(value).utf8)
        case .protobuf:
            do throws(ProtobufError) { return try ProtobufEncoder.object(value) } catch {
                throw status(of: error)
            }
        }
    }

    /// A refusal, and what it was written in: JSON where the format cannot say it.
    static func bytes(
        of status: APIStatus, _ format: Representation.Format
    ) -> ([UInt8], Representation.Format) {
        do throws(APIStatus) { return (try bytes(of: status.json, format), format) } catch {
            return (JSONWriter.bytes(status.json) + [0x0A], .json)
        }
    }

    /// A kind without a message is not acceptable; anything else is a fault of this server.
    static func status(of error: ProtobufError) -> APIStatus {
        error.isOfKind
            ? APIStatus(code: 406, reason: "NotAcceptable", message: error.description)
            : .internalError(error.description)
    }

    // MARK: Watches

    /// An event of a watch: a line of JSON, or a frame.
    static func event(
        _ type: String, _ object: JSON, _ format: Representation.Format
    ) throws(APIStatus) -> [UInt8] {
        guard format == .protobuf else {
            var bytes = Array("{\"type\":\"\(type)\",\"object\":".utf8)
            JSONWriter.write(object, into: &bytes)
            bytes += "}\n".utf8
            return bytes
        }
        return ProtobufEncoder.frame(type, try bytes(of: object, .protobuf))
    }

    /// The content type of a watch.
    static func streamType(_ format: Representation.Format) -> String {
        format == .protobuf ? Representation.protobuf + ";stream=watch" : "application/json"
    }
}
