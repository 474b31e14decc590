export default { name: 'image', contract: 7 };
