// One network: a subnet for the replicas, one for the functions, one for the private addresses of Redis, Blob, Files and the vault.
param name string
param location string
param tags object
param withFunctions bool

var functionsPrefix = '10.20.2.0/26'

// The functions leave by an address that is theirs alone, so that the gateway can tell them from whoever else it is asked by. A NAT
// gateway stands in one zone.
resource functionsAddress 'Microsoft.Network/publicIPAddresses@2024-05-01' = if (withFunctions) {
  name: '${name}-functions'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource functionsExit 'Microsoft.Network/natGateways@2024-05-01' = if (withFunctions) {
  name: '${name}-functions'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: functionsAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/23'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'functions'
        properties: {
          addressPrefix: functionsPrefix
          natGateway: withFunctions ? { id: functionsExit.id } : null
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.20.3.0/26' }
      }
    ]
  }
}

var zones = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.file.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
  'privatelink.redis.azure.net'
]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zones: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, at) in zones: {
    parent: zone[at]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output appsSubnetId string = network.properties.subnets[0].id
output functionsSubnetId string = network.properties.subnets[1].id
output endpointsSubnetId string = network.properties.subnets[2].id
output blobZoneId string = zone[0].id
output fileZoneId string = zone[1].id
output vaultZoneId string = zone[2].id
output redisZoneId string = zone[3].id
output functionsAddresses string = withFunctions ? '${functionsAddress!.properties.ipAddress},${functionsPrefix}' : ''
