// swift-format-ignore-file

extension FieldWords {
    static let meta: StaticString = #"""
        # *
        apiVersion APIVersion defines which group and version of the API the object is written in, such as apps/v1.
        kind What kind of object this is, such as Deployment. It cannot be changed.
        # meta.v1.ObjectMeta
        - What every object carries: its name, its labels, who owns it, and what the server keeps of its life.
        annotations Free text by name, for tools and people. Selectors cannot ask for it.
        creationTimestamp CreationTimestamp is a timestamp that the server sets: when it took the object in.
        deletionGracePeriodSeconds Seconds that the object has to end in good order once it is being deleted. Set by the server.
        deletionTimestamp From when on the object is being deleted: it goes once this time has come and finalizers is empty. Set by the server when somebody asks for the deletion.
        finalizers Who still has something to do before the object may go. Each removes its own entry; the object stays, marked as deleted, until none is left.
        generateName Beginning of the name, to which the server adds five random characters; used where name is empty.
        generation How often what is wanted (not the status) has changed. Set by the server.
        labels Names and values by which selectors find the object.
        managedFields Which client last set which fields, and how. Kept by the server, which uses it to find conflicts of server-side apply.
        name Name of the object, once among those of its kind in the namespace. It cannot be changed.
        namespace Namespace that the object lives in; "default" where a namespaced object names none. Empty for kinds that belong to the whole cluster. It cannot be changed.
        ownerReferences Objects that this one belongs to. It is deleted when the last of them is gone. At most one of them is its controller.
        resourceVersion Version of the object in the store, new with every change. Send it along to have an update refused when somebody else was faster. Compare it for equality only.
        selfLink No longer filled in.
        uid Tells this object from all others there ever were, also of the same name. Set by the server.
        # meta.v1.ListMeta
        - What a list carries besides its items.
        continue Where the next page starts: ask with it for more. Empty on the last page.
        remainingItemCount About how many items come after this page; absent where the list was selected by labels or fields.
        resourceVersion Version of the store at which the list is true. A watch that starts there misses nothing.
        selfLink No longer filled in.
        # meta.v1.OwnerReference
        - An object of the same namespace, or of the whole cluster, that this object belongs to.
        blockOwnerDeletion With true an owner that is deleted in the foreground waits until this object is gone.
        controller Whether this owner is the one that manages the object.
        name Name of the owner.
        uid UID of the owner: an object of the same name made later is not the owner.
        # meta.v1.ManagedFieldsEntry
        - The fields that one client set in one way.
        apiVersion Version of the API that the field names belong to.
        fieldsType Form of fieldsV1; only FieldsV1 is known.
        fieldsV1 The fields as a tree: f: before a field, k: before the keys of a list item, v: before a value of a set.
        manager Name of the client.
        operation Apply for server-side apply, Update for any other write.
        subresource The subresource that was written, such as status; empty for the object itself.
        time When the client last changed which fields it sets.
        # meta.v1.LabelSelector
        - Chooses objects by their labels. Everything that is asked for must hold; a selector that asks for nothing chooses all.
        matchExpressions Conditions on labels; all must hold.
        matchLabels Labels that must be there with exactly these values.
        # meta.v1.LabelSelectorRequirement core.v1.NodeSelectorRequirement
        - A condition on one label.
        key Name of the label.
        # meta.v1.LabelSelectorRequirement
        operator In, NotIn, Exists or DoesNotExist.
        values Values for In and NotIn, at least one; none for the others.
        # meta.v1.Condition
        - One thing that is true, false or not known of the object.
        lastTransitionTime When the status last became another.
        message Details for people.
        observedGeneration The generation of the object that this was found out of.
        reason Why, in one word for programs.
        status True, False or Unknown.
        type What the condition is about.
        # apps.v1.DaemonSetCondition apps.v1.DeploymentCondition apps.v1.ReplicaSetCondition apps.v1.StatefulSetCondition autoscaling.v2.HorizontalPodAutoscalerCondition batch.v1.JobCondition core.v1.NamespaceCondition core.v1.NodeCondition core.v1.PersistentVolumeClaimCondition core.v1.PodCondition apiextensions.v1.CustomResourceDefinitionCondition
        - One thing that is true, false or not known of the object.
        lastHeartbeatTime When it was last found to be so.
        lastProbeTime When it was last looked at.
        lastTransitionTime When the status last became another.
        lastUpdateTime When any part of the condition last changed.
        message Details for people.
        observedGeneration The generation of the object that this was found out of.
        reason Why, in one word for programs.
        status True, False or Unknown.
        type What the condition is about.
        # apiextensions.v1.CustomResourceDefinition
        - Adds a kind of your own to the API. It can be used as soon as its condition Established is True.
        spec The kind: its names, scope and versions.
        status What the server accepted of it.
        metadata Name and labels. The name must be the plural, a dot and the group.
        # apiextensions.v1.CustomResourceDefinitionSpec
        - The kind that is added to the API.
        conversion How objects are turned from one version into another.
        group API group of the kind, a domain name such as example.com.
        names What the kind and its resource are called.
        preserveUnknownFields Must be false; of the time before schemas were required.
        scope Namespaced, or Cluster for objects outside of namespaces.
        versions The versions that the kind has. One of them is the one objects are stored in.
        # apiextensions.v1.CustomResourceDefinitionNames
        - What the kind and its resource are called.
        categories Groups of resources that kubectl knows by one word, such as all.
        kind Name of the kind, in CamelCase and singular.
        listKind Name of the kind of its lists; the kind and List by default.
        plural Name of the resource in paths, in lower case.
        shortNames Short names that kubectl understands.
        singular Singular of the resource; the kind in lower case by default.
        # apiextensions.v1.CustomResourceDefinitionVersion
        - One version of the kind.
        additionalPrinterColumns Columns that kubectl get shows after the name; the age by default.
        deprecated Whether clients that use this version are warned.
        deprecationWarning What the warning says, instead of the usual words.
        name Name of the version, such as v1 or v1beta1.
        schema What objects of this version look like. Fields that are not in it are dropped.
        selectableFields Fields that field selectors may ask for, eight at most.
        served Whether requests may use this version.
        storage Whether objects are stored in this version: true for exactly one.
        subresources Whether objects have the subresources status and scale.
        # apiextensions.v1.CustomResourceColumnDefinition
        - A column of the table that kubectl get shows.
        description What the column means.
        format Form of the value, such as date-time; name marks the column that names the object.
        jsonPath Where the value is, such as .spec.replicas.
        name Title of the column.
        priority 0 is always shown, higher numbers in wide output only.
        type integer, number, string, boolean or date.
        # apiextensions.v1.CustomResourceConversion
        - How objects are turned from one version into another.
        strategy None: only apiVersion is changed. Webhook: a webhook converts them.
        webhook How the webhook is called; for the strategy Webhook only.
        # apiextensions.v1.CustomResourceSubresources
        - Parts of the object with paths of their own.
        scale How many replicas there are: what kubectl scale and autoscalers use.
        status The status is written on its own: other writes cannot change it, and it does not count in generation.
        # apiextensions.v1.CustomResourceSubresourceScale
        - Where the numbers of the scale subresource are in the object.
        labelSelectorPath Where the selector of the pods is, as text; autoscalers need it.
        specReplicasPath Where the wanted number is, below .spec.
        statusReplicasPath Where the present number is, below .status.
        # apiextensions.v1.CustomResourceValidation
        - The schema of a version.
        openAPIV3Schema The schema, as OpenAPI v3 writes it. It must say the type of every part.
        # apiextensions.v1.SelectableField
        - A field that field selectors may ask for.
        jsonPath Where the field is, such as .spec.color. It must hold a string, boolean or integer.
        # apiextensions.v1.CustomResourceDefinitionStatus
        - What the server made of the definition.
        acceptedNames The names that are in use for it.
        conditions Whether the names are accepted and the kind can be used.
        observedGeneration The generation of the definition that this is about.
        storedVersions Versions that objects were ever stored in. Take one away only when no object is left in it.
        # apiextensions.v1.ValidationRule
        - A rule in CEL that objects must keep.
        fieldPath The field that the error names.
        message What the error says.
        messageExpression CEL that makes the message.
        optionalOldSelf Makes oldSelf optional, so that a rule that uses it also holds when the object is created.
        reason The kind of error: FieldValueInvalid, FieldValueForbidden, FieldValueRequired or FieldValueDuplicate.
        rule The expression. self is the value that the schema describes, oldSelf the one before the update.
        # apiextensions.v1.WebhookConversion
        - The webhook that converts objects.
        clientConfig How to reach it.
        conversionReviewVersions Versions of ConversionReview that it understands, the best first.
        # apiextensions.v1.WebhookClientConfig
        - How a webhook is reached.
        caBundle Certificates, in PEM, that its certificate must come from.
        service A Service of the cluster. Either this or url.
        url Its https address.
        # apiextensions.v1.ServiceReference
        - A Service of the cluster.
        name Name of the Service.
        namespace Namespace of the Service.
        path Path of the request.
        port Port of the Service; 443 by default.
        # apiextensions.v1.JSONSchemaProps
        - A schema: what a value may look like.
        additionalProperties Schema of what stands under names that properties does not list; makes the object a map.
        allOf Schemas that must all hold.
        anyOf Schemas of which one at least must hold.
        default Value that the server fills in where none is given.
        description What the value is for: kubectl explain shows it.
        enum The values that are allowed.
        example A value as an example.
        exclusiveMaximum Whether maximum itself is too much.
        exclusiveMinimum Whether minimum itself is too little.
        externalDocs Where more is written about it.
        format A closer form of the type, such as int32, date-time or byte.
        items Schema of the items of an array.
        maxItems Most items of an array.
        maxLength Most characters of a string.
        maxProperties Most entries of an object.
        maximum Largest number.
        minItems Fewest items of an array.
        minLength Fewest characters of a string.
        minProperties Fewest entries of an object.
        minimum Smallest number.
        multipleOf The number must be a multiple of this one.
        not A schema that must not hold.
        nullable Whether null is allowed.
        oneOf Schemas of which exactly one must hold.
        pattern Regular expression that a string must match somewhere.
        properties Schemas of the fields of an object.
        required Fields that must be there.
        title A short name for people.
        type object, array, string, integer, number or boolean.
        uniqueItems Must not be true: use a list of the type set.
        x-kubernetes-embedded-resource The value is a whole Kubernetes object, with apiVersion, kind and metadata.
        x-kubernetes-int-or-string The value is an integer or a string.
        x-kubernetes-list-map-keys The fields that tell the items of a list of the type map apart.
        x-kubernetes-list-type atomic: replaced as a whole. set: each value once. map: items told apart by keys.
        x-kubernetes-map-type granular: each entry has its own manager. atomic: replaced as a whole.
        x-kubernetes-preserve-unknown-fields Keeps fields that the schema does not know.
        x-kubernetes-validations Rules in CEL.
        # apiextensions.v1.ExternalDocumentation
        - Documentation that is elsewhere.
        description What is there.
        url Its address.
        """#
}
