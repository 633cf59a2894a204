/// The OpenAPI document's parts, as YAML: it reads better than JSON. OpenAPI.swift puts them together.
enum OpenAPIText {
    static let head = """
        openapi: 3.1.0
        info:
          title: Aegis release API
          version: 1.0.0
          summary: Changes workloads of a Kubernetes namespace, follows what comes of it, and takes back what fails.
          license: {name: Apache-2.0, identifier: Apache-2.0}
        servers: [{url: /}]
        tags:
        - {name: workloads, description: What runs}
        - {name: releases, description: Changes of what runs}
        - {name: operation, description: How the service does}
        security: [{kubernetes: []}]
        """

    static let paths = #"""
        /health:
          get:
            operationId: health
            tags: [operation]
            summary: Whether the process is alive
            security: []
            responses:
              "200": {$json: {$ref: "#/components/schemas/Alive"}, description: It is}
        /ready:
          get:
            operationId: ready
            tags: [operation]
            summary: Whether requests can be served
            security: []
            responses:
              "200": {$json: {$ref: "#/components/schemas/Readiness"}, description: They can}
              "503": {$json: {$ref: "#/components/schemas/Readiness"}, description: They cannot}
        /metrics:
          get:
            operationId: metrics
            tags: [operation]
            summary: Figures for Prometheus
            security: []
            responses:
              "200":
                description: In the text form of version 0.0.4
                content: {text/plain: {schema: {type: string}}}
        /openapi.json:
          get:
            operationId: openAPI
            tags: [operation]
            summary: This document
            security: []
            responses:
              "200": {$json: {type: object}, description: OpenAPI 3.1}
        /v1/workloads:
          get:
            operationId: listWorkloads
            tags: [workloads]
            summary: The namespace's Deployments
            responses:
              "200": {$json: {$ref: "#/components/schemas/WorkloadList"}, description: In order of name}
        /v1/workloads/{workload}:
          get:
            operationId: showWorkload
            tags: [workloads]
            summary: A Deployment with its pods, its autoscaler and what happened to it
            parameters: [{$ref: "#/components/parameters/workload"}]
            responses:
              "200": {$json: {$ref: "#/components/schemas/WorkloadDetail"}, description: The workload}
              "404": {$problem: There is no such workload}
        /v1/releases:
          get:
            operationId: listReleases
            tags: [releases]
            summary: Releases, the newest first
            parameters:
            - name: workload
              in: query
              schema: {$ref: "#/components/schemas/WorkloadName"}
            - name: state
              in: query
              schema: {$ref: "#/components/schemas/ReleaseState"}
            - {$ref: "#/components/parameters/limit"}
            - {$ref: "#/components/parameters/before"}
            responses:
              "200": {$json: {$ref: "#/components/schemas/ReleaseList"}, description: A page}
          post:
            operationId: createRelease
            tags: [releases]
            summary: Change a workload
            description: >-
              The change is made, the replacing of pods is followed, and the change is taken back by itself when
              it is not through within its deadline or new pods crash.
            parameters: [{$ref: "#/components/parameters/idempotencyKey"}]
            requestBody:
              required: true
              content:
                application/json:
                  schema: {$ref: "#/components/schemas/ReleaseRequest"}
                  examples:
                    image: {value: {workload: web, image: "web:2", note: The new version}}
                    env: {value: {workload: web, env: {LOG_LEVEL: debug, OLD: null}, deadlineSeconds: 60}}
                    restart: {value: {workload: web, restart: true}}
                    replicas: {value: {workload: web, replicas: 3}}
            responses:
              "200":
                $json: {$ref: "#/components/schemas/Release"}
                description: The same was asked for before under the same key
                headers:
                  Location: {$ref: "#/components/headers/Location"}
                  Idempotency-Replayed: {schema: {const: "true"}, required: true}
              "201":
                $json: {$ref: "#/components/schemas/Release"}
                description: The release has begun
                headers: {Location: {$ref: "#/components/headers/Location"}}
                links:
                  show: {operationId: showRelease, parameters: {id: $response.body#/id}}
                  cancel: {operationId: cancelRelease, parameters: {id: $response.body#/id}}
                  rollBack: {operationId: rollBackRelease, parameters: {id: $response.body#/id}}
              "404": {$problem: There is no such workload}
              "409": {$problem: "Another release is under way, or the change does not fit the workload"}
              "413": {$problem: The body is too large}
              "415": {$problem: The body is not JSON}
        /v1/releases/{id}:
          get:
            operationId: showRelease
            tags: [releases]
            summary: A release with all its steps
            parameters: [{$ref: "#/components/parameters/id"}]
            responses:
              "200": {$json: {$ref: "#/components/schemas/ReleaseDetail"}, description: The release}
              "404": {$problem: There is no such release}
        /v1/releases/{id}/rollback:
          post:
            operationId: rollBackRelease
            tags: [releases]
            summary: Take a release back
            description: >-
              One that is under way is taken back; for one that has succeeded a release begins that makes the
              workload what it was before.
            parameters: [{$ref: "#/components/parameters/id"}, {$ref: "#/components/parameters/idempotencyKey"}]
            responses:
              "200":
                $json: {$ref: "#/components/schemas/Release"}
                description: The same was asked for before under the same key
                headers:
                  Location: {$ref: "#/components/headers/Location"}
                  Idempotency-Replayed: {schema: {const: "true"}, required: true}
              "201":
                $json: {$ref: "#/components/schemas/Release"}
                description: A release has begun that undoes it
                headers: {Location: {$ref: "#/components/headers/Location"}}
              "202": {$json: {$ref: "#/components/schemas/Release"}, description: It is being taken back}
              "404": {$problem: There is no such release}
              "409": {$problem: "It has ended in another way, or another release is under way"}
              "413": {$problem: The body is too large}
        /v1/releases/{id}/cancel:
          post:
            operationId: cancelRelease
            tags: [releases]
            summary: Stop a release, and take back what it did
            parameters: [{$ref: "#/components/parameters/id"}, {$ref: "#/components/parameters/idempotencyKey"}]
            responses:
              "202": {$json: {$ref: "#/components/schemas/Release"}, description: It is being stopped}
              "404": {$problem: There is no such release}
              "409": {$problem: It has ended}
              "413": {$problem: The body is too large}
        /v1/events:
          get:
            operationId: followEvents
            tags: [releases]
            summary: What happens to releases, as it happens
            description: >-
              Server-sent events; each has the number of the event as its id, and an Event as its data. The stream
              ends after some minutes; who comes back with Last-Event-ID misses nothing.
            parameters:
            - name: workload
              in: query
              schema: {$ref: "#/components/schemas/WorkloadName"}
            - name: release
              in: query
              schema: {$ref: "#/components/schemas/ReleaseID"}
            - name: after
              in: query
              description: Begins with what happened after this number
              schema: {type: integer, format: int64, minimum: 0, maximum: 9223372036854775807}
            - name: Last-Event-ID
              in: header
              schema: {type: string, pattern: "^[0-9]{1,18}$"}
            responses:
              "200":
                description: The stream
                headers: {X-Accel-Buffering: {schema: {const: "no"}, required: true}}
                content: {text/event-stream: {schema: {$ref: "#/components/schemas/EventMessage"}}}
        /v1/audit:
          get:
            operationId: listAudit
            tags: [releases]
            summary: Who asked for what, the newest first
            parameters: [{$ref: "#/components/parameters/limit"}, {$ref: "#/components/parameters/before"}]
            responses:
              "200": {$json: {$ref: "#/components/schemas/AuditList"}, description: A page}
        """#

    static let components = #"""
        securitySchemes:
          kubernetes:
            type: http
            scheme: bearer
            description: A bearer token of the cluster; RBAC of the cluster says what it may
        headers:
          Location: {required: true, schema: {type: string, pattern: "^/v1/releases/[0-9a-f-]{36}$"}}
          X-Request-ID: {required: true, schema: {type: string, pattern: "^[!-~]{1,128}$"}}
          WWW-Authenticate: {required: true, schema: {type: string, pattern: "^Bearer "}}
          Retry-After: {required: true, schema: {type: string, pattern: "^[0-9]+$"}}
          Allow: {required: true, schema: {type: string}}
        parameters:
          workload:
            {name: workload, in: path, required: true, schema: {$ref: "#/components/schemas/WorkloadName"}}
          id: {name: id, in: path, required: true, schema: {$ref: "#/components/schemas/ReleaseID"}}
          limit:
            name: limit
            in: query
            schema: {type: integer, minimum: 1, maximum: 200, default: 50}
          before:
            name: before
            in: query
            description: Only what has a smaller number; the `next` of the page before
            schema: {type: integer, format: int64, minimum: 1, maximum: 9223372036854775807}
          idempotencyKey:
            name: Idempotency-Key
            in: header
            description: A request that is repeated with its key is done once
            schema: {type: string, pattern: "^[!-~]{1,128}$"}
        schemas:
          WorkloadName:
            {type: string, maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}
          ReleaseID:
            type: string
            pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
          ReleaseState:
            type: string
            enum:
            - pending
            - applying
            - progressing
            - reverting
            - restoring
            - succeeded
            - rolled-back
            - cancelled
            - failed
            - superseded
          Time: {type: string, format: date-time}
          Count: {type: integer, minimum: 0}
          Alive: {$object: {status: {const: alive}}}
          Readiness:
            type: object
            required: [status]
            additionalProperties: false
            properties:
              status: {enum: [ready, not ready]}
              faults: {type: array, items: {type: string}}
              degraded: {type: boolean, description: Redis is away}
          Replicas:
            $object:
              desired: {$ref: "#/components/schemas/Count"}
              updated: {$ref: "#/components/schemas/Count"}
              ready: {$ref: "#/components/schemas/Count"}
              available: {$ref: "#/components/schemas/Count"}
          WorkloadState: {enum: [available, progressing, unavailable, stalled, paused]}
          Workload:
            $object:
              name: {type: string}
              state: {$ref: "#/components/schemas/WorkloadState"}
              images: {type: array, items: {type: string}}
              replicas: {$ref: "#/components/schemas/Replicas"}
              createdAt: {type: [string, "null"], format: date-time}
          WorkloadList: {$object: {items: {type: array, items: {$ref: "#/components/schemas/Workload"}}}}
          WorkloadDetail:
            $object:
              name: {type: string}
              state: {$ref: "#/components/schemas/WorkloadState"}
              images: {type: array, items: {type: string}}
              replicas: {$ref: "#/components/schemas/Replicas"}
              createdAt: {type: [string, "null"], format: date-time}
              generation: {type: integer}
              observedGeneration: {type: integer}
              containers:
                type: array
                items:
                  $object:
                    name: {type: string}
                    image: {type: string}
                    env: {type: array, items: {type: string}, description: Names; values may be secrets}
                    resources: {type: object}
              conditions:
                type: array
                items:
                  $object:
                    type: {type: string}
                    status: {type: string}
                    reason: {type: string}
                    message: {type: string}
              pods: {type: array, items: {$ref: "#/components/schemas/Pod"}}
              autoscaler:
                oneOf: [{$ref: "#/components/schemas/Autoscaler"}, {type: "null"}]
              events: {type: array, items: {$ref: "#/components/schemas/ClusterEvent"}}
              unavailable:
                type: array
                description: What the service may not read
                items: {enum: [autoscaler, events]}
              activeRelease: {type: [string, "null"]}
          Pod:
            $object:
              name: {type: string}
              phase: {type: string}
              ready: {type: boolean}
              restarts: {$ref: "#/components/schemas/Count"}
              node: {type: [string, "null"]}
              address: {type: [string, "null"]}
              images: {type: array, items: {type: string}}
              trouble: {type: [string, "null"]}
              createdAt: {type: [string, "null"], format: date-time}
          Autoscaler:
            $object:
              name: {type: string}
              minReplicas: {$ref: "#/components/schemas/Count"}
              maxReplicas: {$ref: "#/components/schemas/Count"}
              currentReplicas: {$ref: "#/components/schemas/Count"}
              desiredReplicas: {$ref: "#/components/schemas/Count"}
              metrics:
                type: array
                items:
                  $object:
                    resource: {type: string}
                    target: {type: [integer, "null"]}
                    current: {type: [integer, "null"]}
          ClusterEvent:
            $object:
              at: {type: [string, "null"]}
              type: {type: string}
              reason: {type: string}
              object: {type: string}
              message: {type: string}
              count: {type: integer}
          ReleaseRequest:
            type: object
            required: [workload]
            additionalProperties: false
            anyOf: [{required: [image]}, {required: [env]}, {required: [replicas]}, {required: [restart]}]
            properties:
              workload: {$ref: "#/components/schemas/WorkloadName"}
              container:
                type: string
                description: Which container image and env are of; needed where there are several
                maxLength: 63
                pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
              image:
                type: string
                maxLength: 500
                pattern: "^[A-Za-z0-9]([A-Za-z0-9._:/@-]*[A-Za-z0-9])?$"
              env:
                type: object
                description: Variables to set, and with null those to take away
                minProperties: 1
                maxProperties: 50
                propertyNames: {pattern: "^[A-Za-z_][A-Za-z0-9_]{0,127}$"}
                additionalProperties: {type: [string, "null"], maxLength: 4096, pattern: "^[^\\u0000]*$"}
              replicas: {type: integer, minimum: 0, maximum: 1000}
              restart: {const: true}
              deadlineSeconds: {type: integer, minimum: 10, maximum: 3600, default: 300}
              note: {type: string, maxLength: 500, pattern: "^[^\\u0000]*$"}
          Release: {$object: {$merge: release}}
          ReleaseDetail:
            $object:
              $merge: release
              steps: {type: array, items: {$ref: "#/components/schemas/Event"}}
          ReleaseList:
            $object:
              items: {type: array, items: {$ref: "#/components/schemas/Release"}}
              next: {type: [integer, "null"]}
          Progress:
            $object:
              replicas: {$ref: "#/components/schemas/Count"}
              updated: {$ref: "#/components/schemas/Count"}
              available: {$ref: "#/components/schemas/Count"}
          Event:
            $object:
              number: {type: integer, minimum: 1}
              at: {$ref: "#/components/schemas/Time"}
              release: {$ref: "#/components/schemas/ReleaseID"}
              workload: {type: string}
              kind:
                enum:
                - created
                - taken-over
                - applying
                - applied
                - progress
                - healthy
                - asked
                - reverting
                - reverted
                - finished
              state: {$ref: "#/components/schemas/ReleaseState"}
              message: {type: string}
              replica: {type: string}
              progress: {oneOf: [{$ref: "#/components/schemas/Progress"}, {type: "null"}]}
          EventMessage:
            $object:
              id: {type: string, pattern: "^[0-9]+$", description: The number of the event}
              event: {const: release}
              data:
                type: string
                description: An Event
                contentMediaType: application/json
                contentSchema: {$ref: "#/components/schemas/Event"}
          AuditEntry:
            $object:
              number: {type: integer, minimum: 1}
              at: {$ref: "#/components/schemas/Time"}
              actor: {type: string}
              action: {type: string}
              workload: {type: string}
              release: {type: [string, "null"]}
              requestId: {type: string}
              outcome: {type: string}
          AuditList:
            $object:
              items: {type: array, items: {$ref: "#/components/schemas/AuditEntry"}}
              next: {type: [integer, "null"]}
          Problem:
            type: object
            description: What went wrong (RFC 9457)
            required: [type, title, status, detail, requestId]
            additionalProperties: false
            properties:
              type: {type: string, pattern: "^urn:aegis:problem:[a-z-]+$"}
              title: {type: string}
              status: {type: integer, minimum: 400, maximum: 599}
              detail: {type: string}
              requestId: {type: string}
              release: {type: string}
              errors:
                type: array
                items: {$object: {at: {type: string}, detail: {type: string}}}
        """#

    /// The members of a release, which its two forms share.
    static let release = #"""
        id: {$ref: "#/components/schemas/ReleaseID"}
        workload: {type: string}
        namespace: {type: string}
        state: {$ref: "#/components/schemas/ReleaseState"}
        active: {type: boolean}
        message: {type: string}
        change:
          $object:
            container: {type: [string, "null"]}
            image: {type: [string, "null"]}
            env: {type: array, items: {type: string}, description: Names; values may be secrets}
            replicas: {type: [integer, "null"]}
            restart: {type: boolean}
            undoes: {type: [string, "null"]}
        note: {type: string}
        createdBy: {type: string}
        createdAt: {$ref: "#/components/schemas/Time"}
        finishedAt: {type: [string, "null"], format: date-time}
        deadlineSeconds: {type: integer}
        progress: {oneOf: [{$ref: "#/components/schemas/Progress"}, {type: "null"}]}
        rollbackReason: {type: [string, "null"]}
        before:
          oneOf:
          - $object: {images: {type: array, items: {type: string}}, replicas: {type: integer}}
          - type: "null"
        """#
}
