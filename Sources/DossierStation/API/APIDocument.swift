internal import DossierTracker
internal import HTTPTypes

/// `/openapi.json`: OpenAPI 3.1 of the operations.
enum APIDocument {
  static func make(_ operations: [APIOperation]) -> JSONOutput {
    var paths: [(String, [JSONOutput.Member])] = []
    for operation in operations {
      let member = JSONOutput.Member(key: operation.method.rawValue.lowercased(), value: describe(operation))
      if let index = paths.firstIndex(where: { $0.0 == operation.path }) {
        paths[index].1.append(member)
      } else {
        paths.append((operation.path, [member]))
      }
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Postal dossier station",
        "description": .string(
          "Chain of custody for dossiers in the mail. Times are RFC 3339 with offset. Problems are RFC 9457 with the "
            + "product's finding codes. Lists go on with the address in the Link header."),
        "version": .string(ProductVersion.current),
      ],
      "paths": .object(paths.map { .init(key: $0.0, value: .object($0.1)) }),
      "components": [
        "schemas": .object(APISchemas.all.map { .init(key: $0.0, value: $0.1) }),
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer", "description": "A token made by an administrator."],
          "session": ["type": "apiKey", "in": "cookie", "name": "dossier-session"],
        ],
        "responses": [
          "Problem": [
            "description": "Not done, and why.",
            "content": ["application/problem+json": ["schema": APISchemas.reference("Problem")]],
          ]
        ],
      ],
    ]
  }

  private static func describe(_ operation: APIOperation) -> JSONOutput {
    var members: [JSONOutput.Member] = [
      .init(key: "operationId", value: .string(operation.name)),
      .init(key: "summary", value: .string(operation.summary)),
    ]
    if let needs = operation.needs {
      members.append(.init(key: "description", value: .string("Needs the permission `\(needs.rawValue)`.")))
      members.append(.init(key: "security", value: [["token": []], ["session": []]]))
    }
    if !operation.parameters.isEmpty {
      members.append(.init(key: "parameters", value: .array(operation.parameters.map(describe))))
    }
    if !operation.body.isEmpty {
      members.append(
        .init(key: "requestBody", value: ["required": true, "content": content(operation.body)]))
    }
    var answers = operation.answers.map { answer in
      JSONOutput.Member(key: "\(answer.status.code)", value: describe(answer))
    }
    answers.append(.init(key: "default", value: ["$ref": "#/components/responses/Problem"]))
    members.append(.init(key: "responses", value: .object(answers)))
    return .object(members)
  }

  private static func describe(_ parameter: APIParameter) -> JSONOutput {
    [
      "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
      "description": .string(parameter.summary), "required": .bool(parameter.isRequired),
      "schema": parameter.schema,
    ]
  }

  private static func describe(_ answer: APIAnswer) -> JSONOutput {
    var members: [JSONOutput.Member] = [.init(key: "description", value: .string(answer.summary))]
    if !answer.headers.isEmpty {
      let headers = answer.headers.map { name, meaning in
        JSONOutput.Member(key: name, value: ["description": .string(meaning), "schema": ["type": "string"]])
      }
      members.append(.init(key: "headers", value: .object(headers)))
    }
    if !answer.content.isEmpty { members.append(.init(key: "content", value: content(answer.content))) }
    return .object(members)
  }

  private static func content(_ content: [APIContent]) -> JSONOutput {
    .object(content.map { .init(key: $0.type, value: ["schema": $0.schema]) })
  }
}
