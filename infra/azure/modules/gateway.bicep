// The replicas behind their load balancer. A new revision gets no request before it is ready, and none at all while another is
// named to serve: its label has an address of its own to be tested at.
param name string
param location string
param tags object
param environmentId string
param auditStorageName string
param identityId string
param identityClientId string
param image string
param servingRevision string
param registryServer string
param minReplicas int
param maxReplicas int
param redisUrlSecret string
param auditKeySecret string
param apiKeysSecret string
param storageAccountName string
param storageContainerName string
param insightsConnectionString string
param corsOrigins array
@description('Addresses that the Functions app asks from, with commas between; empty: there is none.')
param functionsAddresses string

var port = 4000
// The ingress, which says who asked; and where that is the Functions app, the app too, which says for whom.
var trustProxy = empty(functionsAddresses) ? '1' : '1,${functionsAddresses}'
var settings = [
  { name: 'AUDIT_LOG', value: '/audit' }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'AZURE_STORAGE_ACCOUNT', value: storageAccountName }
  { name: 'AZURE_STORAGE_CONTAINER', value: storageContainerName }
  { name: 'DRAIN_DELAY_MS', value: '5000' }
  { name: 'DRAIN_MS', value: '20000' }
  { name: 'HOST', value: '0.0.0.0' }
  { name: 'KEYS_FILE', value: '/secrets/keys.json' }
  { name: 'LOG_LEVEL', value: 'info' }
  { name: 'METRICS_PORT', value: '9464' }
  { name: 'NODE_ENV', value: 'production' }
  { name: 'PORT', value: string(port) }
  { name: 'TRUST_PROXY', value: trustProxy }
]
var secretSettings = [
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', secretRef: 'insights' }
  { name: 'AUDIT_KEY', secretRef: 'audit-key' }
  { name: 'REDIS_URL', secretRef: 'redis-url' }
]
var origins = empty(corsOrigins) ? [] : [{ name: 'CORS_ORIGINS', value: join(corsOrigins, ',') }]
var newServes = [{ latestRevision: true, weight: 100 }]
var oldServes = [
  { revisionName: servingRevision, weight: 100 }
  { latestRevision: true, weight: 0, label: 'next' }
]

resource gateway 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Multiple'
      maxInactiveRevisions: 5
      ingress: {
        external: true
        targetPort: port
        // HTTP/1.1, HTTP/2 and WebSockets.
        transport: 'auto'
        allowInsecure: false
        traffic: empty(servingRevision) ? newServes : oldServes
      }
      registries: [{ server: registryServer, identity: identityId }]
      secrets: [
        { name: 'redis-url', keyVaultUrl: redisUrlSecret, identity: identityId }
        { name: 'audit-key', keyVaultUrl: auditKeySecret, identity: identityId }
        { name: 'api-keys', keyVaultUrl: apiKeysSecret, identity: identityId }
        { name: 'insights', value: insightsConnectionString }
      ]
    }
    template: {
      // Longer than DRAIN_DELAY_MS and DRAIN_MS together: running requests end by themselves.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'recograph'
          image: image
          // The engine turns on one thread: more throughput is more replicas.
          resources: { cpu: json('1.0'), memory: '2Gi' }
          env: concat(settings, secretSettings, origins)
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/readyz', port: port }
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 10
            }
            {
              type: 'Readiness'
              httpGet: { path: '/readyz', port: port }
              periodSeconds: 2
              timeoutSeconds: 2
              failureThreshold: 2
            }
            {
              type: 'Liveness'
              httpGet: { path: '/livez', port: port }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
          volumeMounts: [
            { volumeName: 'data', mountPath: '/data' }
            { volumeName: 'audit', mountPath: '/audit' }
            { volumeName: 'keys', mountPath: '/secrets' }
          ]
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '30' } } }]
      }
      volumes: [
        { name: 'data', storageType: 'EmptyDir' }
        { name: 'audit', storageType: 'AzureFile', storageName: auditStorageName, mountOptions: 'uid=1000,gid=1000,dir_mode=0700,file_mode=0600' }
        { name: 'keys', storageType: 'Secret', secrets: [{ secretRef: 'api-keys', path: 'keys.json' }] }
      ]
    }
  }
}

output id string = gateway.id
output url string = 'https://${gateway.properties.configuration.ingress.fqdn}'
